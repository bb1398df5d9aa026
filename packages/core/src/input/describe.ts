import { types } from 'node:util'

/** Whether a value is an object to read properties of. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The kind of a value, in words for an error. Of a number the value is shown, of anything else only the kind. */
export function describe(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (value === undefined || value === null) return String(value)
  // Array.isArray throws on a revoked Proxy.
  if (!types.isProxy(value) && Array.isArray(value)) return 'an array'
  if (value === '') return 'an empty string'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** As {@link describe}, for a value that may be secret. Of a text, only the length is shown. */
export function describeHidden(value: unknown): string {
  if (typeof value === 'number') return 'a number'
  return typeof value === 'string' && value !== '' ? `${value.length} characters` : describe(value)
}
