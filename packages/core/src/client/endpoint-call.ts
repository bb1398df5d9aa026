import type { Call } from '../call/call.js'
import type { EndpointRow } from '../operations.js'
import type { CallTimeLimits } from './call-time-limits.js'
import { fillPath } from './path.js'
import type { PathValues } from './path.js'

/** What every public method lets its caller choose about a call. */
export interface CallChoices extends CallTimeLimits {
  readonly retryUnsafe?: boolean | undefined
}

/** What one call carries besides its path. */
export type CallContent = Pick<Call, 'query' | 'body'>

/**
 * Makes the call of an endpoint: it binds the path, the user, the channel, the time limit and the signal.
 *
 * The call acts for the user in its path. A path without a user acts for the whole App ID.
 *
 * @param values What stands in the path.
 * @param choices The options of the public method.
 */
export function endpointCall<Path extends string>(
  endpoint: EndpointRow<Path>,
  values: PathValues<Path>,
  choices: CallChoices,
  content?: CallContent,
): Call {
  const { userId, channel }: { readonly userId?: string; readonly channel?: string } = values
  return {
    operation: endpoint,
    method: endpoint.method,
    path: fillPath(endpoint.path, values),
    query: content?.query,
    body: content?.body,
    userId,
    channel,
    ...choicesOf(choices),
  }
}

/** The part of the options that is handed to a call: public options may have other fields beside it. */
export function choicesOf({ retryUnsafe, timeoutMs, signal }: CallChoices): CallChoices {
  return { retryUnsafe, timeoutMs, signal }
}
