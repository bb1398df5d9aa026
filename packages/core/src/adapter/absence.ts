import { requireAttached } from './context.js'

/**
 * Lets a property that a middleware sets name the line to add, where it is used and the middleware did not run: a
 * `TypeError` about `undefined` would not say what is missing.
 *
 * @param prototype What all requests of a framework inherit from, where the framework says that it may be extended.
 */
export function explainAbsence(prototype: object, name: string, fix: string): void {
  if (name in prototype) return
  // Where somebody has frozen the prototype, the property stays `undefined`.
  Reflect.defineProperty(prototype, name, {
    configurable: true,
    get: () => requireAttached(undefined, fix),
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true })
    },
  })
}
