import type { UncheckedClientOptions } from '../client/options.js'
import { clientRuntime } from '../runtime.js'

const objectNumbers = new WeakMap<object, number>()
let nextNumber = 1

/** Every option of a client, credentials included: a key of the App ID alone would let a tenant use another's secret. */
const identifyingOptions = [
  'appId',
  'customerId',
  'customerSecret',
  'appCertificate',
  'userId',
  'token',
  'auth',
  'headerStyle',
  'baseUrl',
  'area',
  'timeoutMs',
  'attemptTimeoutMs',
  'maxAttempts',
  'quotas',
  'logger',
  'logLevel',
  'dispatcher',
  clientRuntime,
] as const satisfies readonly (keyof UncheckedClientOptions)[]

/**
 * A text that is the same for two sets of options exactly when one client can serve both, so that a callback may
 * build its options anew for each request.
 */
export function tenantKey(options: UncheckedClientOptions): string {
  let key = ''
  for (const name of identifyingOptions) key += identify(options[name])
  return key
}

/** Texts say how long they are, so that none can pose as two. */
function identify(value: unknown): string {
  if (value === undefined) return ';'
  if (typeof value === 'string') return `${value.length}:${value};`
  if (typeof value === 'number') return `${value};`
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    return `#${numberOf(value)};`
  }
  return `${JSON.stringify(value)};`
}

function numberOf(object: object): number {
  let number = objectNumbers.get(object)
  if (number === undefined) {
    number = nextNumber++
    objectNumbers.set(object, number)
  }
  return number
}
