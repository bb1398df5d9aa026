import { isSignalingClient } from '../client/client.js'
import { clientOptionRules } from '../client/option-rules.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { AgoraConfigError } from '../errors.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, either, objectOf, text, wholeNumber } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import type { TenantOptions } from './tenant-clients.js'

/** The names of the options of `agoraSignaling()`, before their values are checked. */
export interface UncheckedSignalingOptions extends Omit<UncheckedClientOptions, 'userId'> {
  readonly userId?: unknown
  readonly tenant?: unknown
  readonly client?: unknown
}

const aClient: Rule<unknown> = {
  expected: 'a client that createSignalingClient() made',
  accepts: (value): value is unknown => isSignalingClient(value),
}

const userId: Rule<unknown> = either(
  aFunction('a function that finds the user of a request in your own session: (request) => userId'),
  { ...text, expected: 'text: the ID of the user that the back end itself acts for' },
)

const tenant: Rule<unknown> = objectOf<TenantOptions<never>>(
  'an object: { key: (request) => …, options: (key) => … }',
  {
    key: aFunction('a function that finds the tenant of a request: (request) => key'),
    options: aFunction('a function that loads the options of a tenant’s client: (key) => options'),
    max: wholeNumber('tenants', 1, 1_000_000),
  },
)

/**
 * A rule for each option of `agoraSignaling()`. An adapter that adds options of its own spreads it into its own table.
 *
 * @example
 * checkOptions('AgoraModule', options, { ...signalingOptionRules, isGlobal: yesOrNo })
 */
export const signalingOptionRules: OptionRules<UncheckedSignalingOptions> = {
  ...clientOptionRules,
  userId,
  tenant,
  client: aClient,
}

/**
 * Notices that a function which makes a handler was mounted as the handler itself: `app.use(agoraSignaling)`. Call it first
 * in every such function. The framework then passes a request or an error where the options belong.
 *
 * @param fix The line to write instead, for the error.
 * @param first The first argument of the function: its options, or what the framework passed.
 *
 * @example
 * refuseUncalled('app.use(agoraSignaling())', options)
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` with the line to write.
 */
export function refuseUncalled(fix: string, first: unknown): void {
  if (!isGivenByAFramework(first)) return
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `This function makes a handler and is none itself: call it where you mount it. Write:\n\n  ${fix}\n`,
  )
}

/** The requests of Express and Fastify have headers. The contexts of Koa and Hono have a request. Options have neither. */
function isGivenByAFramework(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof Error || ['headers', 'method', 'req', 'request'].some((member) => member in value)
}
