import { AgoraAbortError, AgoraApiError, AgoraConnectionError, AgoraTimeoutError } from '../errors.js'
import type { AgoraCallError, CallDetails } from '../errors.js'
import { cleanCause } from '../clean-cause.js'
import { AnswerTooLarge, ExchangeFailed, ExchangeTimeout } from './exchange.js'
import { codeOfProblem, connectionProblem, systemErrorCode } from './failure.js'
import type { ConnectionProblem } from './failure.js'
import { AbortedByCaller } from '../waiting/time-limits.js'
import type { FailureClass } from '../call/retry.js'

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
 * @throws what is no failure of a connection: the mistake of a program, as it came.
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
  if (!(reason instanceof ExchangeFailed)) throw reason
  const { cause, requestStarted } = reason
  const problem = connectionProblem(cause, requestStarted)
  if (problem === undefined) throw cause instanceof Error ? cause : reason
  // What left this machine may have been processed, whatever the system calls the failure.
  const told = requestStarted ? 'broken' : problem
  const code = codeOfProblem[told]
  const system = systemErrorCode(cause)
  const message = `${problems[told](host)}${system === undefined ? '' : ` (${system})`}: ${details.method} ${details.path}.`
  const advice = adviceFor[problem]
  const error = new AgoraConnectionError(code, advice === undefined ? message : `${message} ${advice}`, {
    ...details,
    cause: cleanCause(cause),
  })
  if (requestStarted) return { error, failure: 'broken' }
  return { error, failure: failureOf(problem) }
}

function failureOf(problem: ConnectionProblem): Failed['failure'] {
  if (problem === 'name') return 'dns'
  // The same certificate would come again.
  return problem === 'certificate' || problem === 'certificate-time' ? 'final' : 'connect'
}

const insecure = (host: string): string => `No secure connection to ${host} could be made`

const problems: Record<ConnectionProblem, (host: string) => string> = {
  name: (host) => `The name ${host} could not be resolved`,
  unreachable: (host) => `No connection to ${host} could be made`,
  certificate: (host) => `The certificate of ${host} is not trusted`,
  'certificate-time': (host) => `The certificate of ${host} is not valid at this time`,
  'no-tls': insecure,
  tls: insecure,
  broken: (host) => `The connection to ${host} broke before the answer was complete`,
}

const authority =
  'If it comes from a proxy that opens TLS, or from a host of your own, name the file with its certificate authority in ' +
  'NODE_EXTRA_CA_CERTS before Node starts.'

const adviceFor: Partial<Record<ConnectionProblem, string>> = {
  certificate: `Check the base URL (baseUrl, AGORA_REST_BASE_URL). ${authority}`,
  'certificate-time': `Check the clock of this machine: certificates begin and end by it. ${authority}`,
  'no-tls':
    'What listens there may speak plain HTTP: a base URL (baseUrl, AGORA_REST_BASE_URL) that begins with https:// needs a port ' +
    'that speaks TLS. An emulator on this machine is reached by http://.',
}

export function abortError(details: CallDetails, reason: AbortedByCaller): AgoraAbortError {
  return new AgoraAbortError(`${details.method} ${details.path} was aborted by its caller.`, {
    ...details,
    cause: reason.cause,
  })
}
