import { requireAttached } from './context.js'

/**
 * Makes a property that the middleware sets throw where the middleware did not run. The error names the line to add. Without
 * it the user sees a `TypeError` about `undefined`.
 *
 * @param prototype What all requests of a framework inherit from. Use it only where the framework says that it may be extended.
 * @param name The property, for instance `agora`.
 * @param fix The line to add, for the error.
 *
 * @example
 * explainAbsence(express.request, 'agora', 'app.use(agoraSignaling())')
 */
export function explainAbsence(prototype: object, name: string, fix: string): void {
  if (name in prototype) return
  // A frozen prototype cannot be changed: there the property stays `undefined`.
  Reflect.defineProperty(prototype, name, {
    configurable: true,
    get: () => requireAttached(undefined, fix),
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true })
    },
  })
}
