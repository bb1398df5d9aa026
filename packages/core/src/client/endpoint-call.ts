import type { Call } from '../call/call.js'
import type { EndpointRow, OperationRow } from '../operations.js'
import type { CallTimeLimits } from './call-time-limits.js'
import { fillPath } from './path.js'
import type { PathValues } from './path.js'

/** What every public method lets its caller choose about a call. */
export interface CallChoices extends CallTimeLimits {
  readonly retryUnsafe?: boolean | undefined
}

/** What one call carries besides its path. */
export type CallContent = Pick<Call, 'query' | 'body'>

/** Where a call goes, and for whom. */
type CallAddress = Pick<Call, 'method' | 'path' | 'userId' | 'channel'>

/**
 * Makes the call of an endpoint: it fills in the path and binds the user, the channel, the time limit and the signal.
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
  const { method } = endpoint
  return operationCall(
    endpoint,
    { method, path: fillPath(endpoint.path, values), userId, channel },
    choices,
    content,
  )
}

/** Makes the call of an operation whose address comes from elsewhere. Every call of a client is made here. */
export function operationCall(
  operation: OperationRow,
  { method, path, userId, channel }: CallAddress,
  { retryUnsafe, timeoutMs, signal }: CallChoices,
  content?: CallContent,
): Call {
  return {
    operation,
    method,
    path,
    query: content?.query,
    body: content?.body,
    userId,
    channel,
    retryUnsafe,
    timeoutMs,
    signal,
  }
}
