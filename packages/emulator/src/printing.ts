import { inspect } from 'node:util'

/**
 * Sets what `util.inspect`, `console.log` and `JSON.stringify` show of an object. Reading, spreading and
 * `Object.entries` still give what it holds.
 */
export function printAs<T extends object>(value: T, printable: () => object): T {
  return Object.defineProperties(value, {
    toJSON: { value: printable },
    [inspect.custom]: { value: printable },
  })
}

/** As {@link printAs}: everything but the named properties, which hold secrets. */
export function printWithoutSecrets<T extends object>(value: T, secrets: readonly (keyof T & string)[]): T {
  const placeholders = Object.fromEntries(secrets.map((name) => [name, '[concealed]']))
  return printAs(value, () => ({ ...value, ...placeholders }))
}
