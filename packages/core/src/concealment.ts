import { inspect } from 'node:util'

const placeholder = '[concealed]'

/**
 * Makes a plain object safe to log: the named properties stay readable, but `util.inspect`, `console.log` and
 * `JSON.stringify` show a placeholder in their place.
 *
 * A copy made with `{ ...value }` is a new object and prints what it holds.
 */
export function concealSecrets<T extends object>(value: T, secrets: readonly (keyof T & string)[]): T {
  const printable = (): Record<string, unknown> => {
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(value))
    for (const name of secrets) if (copy[name] !== undefined) copy[name] = placeholder
    return copy
  }
  return Object.defineProperties(value, {
    toJSON: { value: printable },
    [inspect.custom]: { value: printable },
  })
}
