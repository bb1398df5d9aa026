import { inspect } from 'node:util'

const placeholder = '[concealed]'

/**
 * Makes a plain object safe to log: code can still read the named properties, but `util.inspect`, `console.log`, `console.dir`
 * and `JSON.stringify` show placeholders.
 *
 * A copy made with `{ ...value }` or `structuredClone(value)` is a new object and prints what it holds.
 *
 * @example
 * concealSecrets({ ...options }, ['customerSecret', 'appCertificate', 'token'])
 */
export function concealSecrets<T extends object>(value: T, secrets: readonly (keyof T & string)[]): T {
  const printable = (): Record<string, unknown> => {
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(value))
    for (const name of secrets) if (copy[name] !== undefined) copy[name] = placeholder
    return copy
  }
  // `console.dir` ignores an object's own way to print itself. It does not call getters.
  for (const name of secrets) {
    const secret = value[name]
    if (secret !== undefined) Object.defineProperty(value, name, { get: () => secret, enumerable: true })
  }
  return Object.defineProperties(value, {
    toJSON: { value: printable },
    [inspect.custom]: { value: printable },
  })
}
