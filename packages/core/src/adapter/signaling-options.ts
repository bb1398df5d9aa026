import { isSignalingClient } from '../client/client.js'
import { clientOptionRules } from '../client/option-rules.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { AgoraConfigError } from '../errors.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, either, objectOf, text, wholeNumber } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import type { TenantOptions } from './tenant-clients.js'

/** The options of `agoraSignaling()`, whatever they look like to the framework. */
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

/** What `agoraSignaling()` knows. */
export const signalingOptionRules: OptionRules<UncheckedSignalingOptions> = {
  ...clientOptionRules,
  userId,
  tenant,
  client: aClient,
}

/**
 * Refuses what a framework hands to a function that makes a handler and is taken for the handler: `app.use(agoraSignaling)`.
 *
 * @param fix How it is written, for the error: `app.use(agoraSignaling())`.
 * @param first The first argument: options, or the request of some framework, or an error.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID`
 */
export function refuseUncalled(fix: string, first: unknown): void {
  if (!isGivenByAFramework(first)) return
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `This function makes a handler and is none itself: call it where you mount it. Write:\n\n  ${fix}\n`,
  )
}

/** The requests of Express and Fastify have headers, the contexts of Koa and Hono a request. Options have neither. */
function isGivenByAFramework(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return value instanceof Error || 'headers' in value || 'req' in value
}
