import type { UncheckedClientOptions } from '../client/options.js'

const objectNumbers = new WeakMap<object, number>()
let nextNumber = 1

/**
 * A text that is the same for two sets of options exactly when one client can serve both, so that a callback may
 * build its options anew for each request.
 *
 * Every option counts, credentials included: a key of the App ID alone would let a tenant use another's secret.
 */
export function tenantKey(options: UncheckedClientOptions): string {
  const parts = Object.entries(options).map(([name, value]) => `${name}=${identify(value)}`)
  return JSON.stringify(parts.toSorted())
}

function identify(value: unknown): string {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function')
    return `${typeof value}:${String(value)}`
  let number = objectNumbers.get(value)
  if (number === undefined) {
    number = nextNumber++
    objectNumbers.set(value, number)
  }
  return `object:${number}`
}
