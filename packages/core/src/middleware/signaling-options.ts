import { isSignalingClient } from '../client/client.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { AgoraConfigError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, checkedByItsOwner, either, text } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { clientOptionRules } from './temporary-client-rules.js'

interface Checked extends Omit<UncheckedClientOptions, 'userId'> {
  readonly userId?: unknown
  readonly tenant?: unknown
  readonly client?: unknown
}

const aClient: Rule<unknown> = {
  expected: 'a client that createSignalingClient() made',
  accepts: (value): value is unknown => isSignalingClient(value),
}

const rules: OptionRules<Checked> = {
  ...clientOptionRules,
  userId: either(aFunction('a function that finds the user of a request'), text),
  tenant: checkedByItsOwner,
  client: aClient,
}

/**
 * Refuses options of `agoraSignaling()` that are misspelt or of a wrong type: without its `userID`, everybody would send
 * as the back end.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID`
 */
export function checkSignalingOptions(owner: string, options: object): void {
  checkOptions<Checked>(owner, options, rules)
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
