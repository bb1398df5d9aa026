import { AgoraAbortError, AgoraApiError, AgoraConnectionError, AgoraTimeoutError } from '../errors.js'
import type { AgoraCallError, CallDetails } from '../errors.js'
import { AnswerTooLarge, ExchangeFailed, ExchangeTimeout } from './exchange.js'
import { connectionErrorCode, systemErrorCode } from './failure.js'
import { AbortedByCaller } from './limits.js'
import type { FailureClass } from './retry.js'

/** How an attempt failed: what to throw, and what decides about another attempt. */
export interface Failed {
  readonly error: AgoraCallError
  readonly failure: FailureClass
  /** How long Agora asks to wait. */
  readonly retryAfterMs?: number | undefined
}

/**
 * Names the failure, and sorts it by whether the request may have been processed.
 *
 * @param isLastAttempt The time of the whole call ran out, not that of the attempt: that says nothing about the host.
 */
export function unanswered(
  reason: unknown,
  host: string,
  details: CallDetails,
  isLastAttempt: boolean,
): Failed {
  const what = `${details.method} ${details.path}`
  if (reason instanceof AbortedByCaller) return { error: abortError(details, reason), failure: 'final' }
  if (reason instanceof ExchangeTimeout) {
    const limit = isLastAttempt ? 'timeoutMs' : 'attemptTimeoutMs'
    const late = reason.requestStarted
      ? `${host} gave no complete answer to ${what} in time (${limit}).`
      : `There was no connection to ${host} for ${what} in time (${limit}).`
    const error = new AgoraTimeoutError(late, details)
    if (isLastAttempt) return { error, failure: 'final' }
    return { error, failure: reason.requestStarted ? 'broken' : 'connect' }
  }
  if (reason instanceof AnswerTooLarge) {
    const error = new AgoraApiError(
      'ERR_RESPONSE_TOO_LARGE',
      `${host} answered ${what} with more than ${reason.maxBodyBytes} bytes.`,
      {
        ...details,
        upstreamStatus: reason.status,
      },
    )
    return { error, failure: 'final' }
  }
  return brokenConnection(reason, host, details)
}

function brokenConnection(reason: unknown, host: string, details: CallDetails): Failed {
  const cause = reason instanceof ExchangeFailed ? reason.cause : reason
  const requestStarted = !(reason instanceof ExchangeFailed) || reason.requestStarted
  // What left this machine may have been processed, whatever the system calls the failure.
  const code = requestStarted ? 'ERR_CONNECTION_RESET' : connectionErrorCode(cause)
  const system = systemErrorCode(cause)
  const message = `${problems[code](host)}${system === undefined ? '' : ` (${system})`}: ${details.method} ${details.path}.`
  const error = new AgoraConnectionError(code, message, { ...details, cause })
  if (requestStarted) return { error, failure: 'broken' }
  return { error, failure: code === 'ERR_DNS' ? 'dns' : 'connect' }
}

const problems: Record<AgoraConnectionError['code'], (host: string) => string> = {
  ERR_DNS: (host) => `The name ${host} could not be resolved`,
  ERR_CONNECTION_REFUSED: (host) => `No connection to ${host} could be made`,
  ERR_TLS: (host) => `No secure connection to ${host} could be made`,
  ERR_CONNECTION_RESET: (host) => `The connection to ${host} broke before the answer was complete`,
}

export function abortError(details: CallDetails, reason: AbortedByCaller): AgoraAbortError {
  return new AgoraAbortError(`${details.method} ${details.path} was aborted by its caller.`, {
    ...details,
    cause: reason.cause,
  })
}
