import { cleanCause } from '../clean-cause.js'
import { AgoraAbortError, AgoraApiError, AgoraConnectionError, AgoraTimeoutError } from '../errors.js'
import type { AgoraCallError, AgoraConnectionErrorCode, CallDetails } from '../errors.js'
import { AbortedByCaller } from '../waiting/time-limits.js'
import { AnswerTooLarge, ExchangeFailed, ExchangeTimeout } from './exchange.js'

/**
 * How an attempt went wrong, as far as it decides about another one.
 *
 * - `dns`, `connect`: the request never left this machine.
 * - `broken`: the request left and no complete answer came: a reset, our time limit.
 * - the others are answers: 408, 429, 500, 502/503/504, a gateway's 404.
 */
export type FailureClass =
  'dns' | 'connect' | 'broken' | 'timed-out' | 'rate-limited' | 'server-error' | 'gateway' | 'final'

/** How an attempt failed: the error to throw, and what decides about another attempt. */
export interface Failed {
  readonly error: AgoraCallError
  readonly failure: FailureClass
  /** How long Agora asks to wait. */
  readonly retryAfterMs?: number | undefined
}

/** What failed, as far as a user can do something about it. */
export type ConnectionProblem =
  'name' | 'unreachable' | 'certificate' | 'certificate-time' | 'no-tls' | 'tls' | 'broken'

/**
 * Names the failure, and says whether the request may have been processed.
 *
 * @param isLastAttempt The time of the whole call ran out, not the time of the attempt. That says nothing about the host.
 * @throws the reason itself when it is the mistake of a program and not the failure of a connection.
 */
export function nameFailure(
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
  // A request that left this machine may have been processed, whatever the code of the failure says.
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

export function failureClassOfStatus(status: number): FailureClass {
  switch (status) {
    case 408:
      return 'timed-out'
    case 429:
      return 'rate-limited'
    case 500:
      return 'server-error'
    case 502:
    case 503:
    case 504:
      return 'gateway'
    default:
      return 'final'
  }
}

export const codeOfProblem: Readonly<Record<ConnectionProblem, AgoraConnectionErrorCode>> = {
  name: 'ERR_DNS',
  unreachable: 'ERR_CONNECTION_REFUSED',
  certificate: 'ERR_TLS',
  'certificate-time': 'ERR_TLS',
  'no-tls': 'ERR_TLS',
  tls: 'ERR_TLS',
  broken: 'ERR_CONNECTION_RESET',
}

/**
 * The codes that say that a connection failed: of the system, of Node and of undici. Any other error is a mistake of a
 * program and is thrown as it is. An unknown code never counts as a failed connection that is worth another try.
 */
const codes: readonly (readonly [problem: ConnectionProblem, codes: string])[] = [
  // The other codes of getaddrinfo begin with EAI_. Those without EAI_ come from c-ares.
  ['name', 'ENOTFOUND ENODATA ESERVFAIL EREFUSED EFORMERR EBADNAME EBADRESP ETIMEOUT ECANCELLED'],
  ['unreachable', 'ECONNREFUSED EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENONET EADDRNOTAVAIL EADDRINUSE'],
  ['unreachable', 'EAFNOSUPPORT EINVAL ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT UND_ERR_CONNECT_TIMEOUT'],
  // A firewall of this machine.
  ['unreachable', 'EACCES EPERM'],
  // This machine has no sockets left.
  ['unreachable', 'EMFILE ENFILE ENOBUFS ENOMEM'],
  // What a proxy says to CONNECT.
  ['unreachable', 'UND_ERR_ABORTED UND_ERR_SOCKS5'],
  ['certificate-time', 'CERT_HAS_EXPIRED CERT_NOT_YET_VALID'],
  ['certificate', 'CERT_CHAIN_TOO_LONG CERT_REJECTED CERT_REVOKED CERT_SIGNATURE_FAILURE CERT_UNTRUSTED'],
  ['certificate', 'CRL_HAS_EXPIRED CRL_NOT_YET_VALID CRL_SIGNATURE_FAILURE DEPTH_ZERO_SELF_SIGNED_CERT'],
  [
    'certificate',
    'ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD',
  ],
  ['certificate', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD ERR_TLS_CERT_ALTNAME_FORMAT ERR_TLS_CERT_ALTNAME_INVALID'],
  [
    'certificate',
    'HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED SELF_SIGNED_CERT_IN_CHAIN',
  ],
  ['certificate', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY UNABLE_TO_DECRYPT_CERT_SIGNATURE'],
  ['certificate', 'UNABLE_TO_DECRYPT_CRL_SIGNATURE UNABLE_TO_GET_CRL UNABLE_TO_GET_ISSUER_CERT'],
  ['certificate', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  // Older versions of Node report every error of OpenSSL as EPROTO.
  ['no-tls', 'ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_PACKET_LENGTH_TOO_LONG ERR_SSL_UNKNOWN_PROTOCOL EPROTO'],
  // The other codes of OpenSSL begin with ERR_SSL_.
  ['tls', 'ERR_TLS_DH_PARAM_SIZE ERR_TLS_HANDSHAKE_TIMEOUT ERR_TLS_INVALID_STATE'],
  ['tls', 'ERR_TLS_RENEGOTIATION_DISABLED ERR_TLS_SESSION_ATTACK UND_ERR_PRX_TLS'],
  ['broken', 'ECONNRESET ECONNABORTED ENETRESET ENOTCONN ENOTSOCK EPIPE ESHUTDOWN EOF EIO'],
  ['broken', 'ERR_SOCKET_CLOSED ERR_SOCKET_CLOSED_BEFORE_CONNECTION ERR_STREAM_DESTROYED'],
  ['broken', 'ERR_STREAM_PREMATURE_CLOSE UND_ERR_BODY_TIMEOUT UND_ERR_HEADERS_OVERFLOW'],
  ['broken', 'UND_ERR_HEADERS_TIMEOUT UND_ERR_INFO UND_ERR_REQ_RETRY UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
  ['broken', 'UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_SOCKET'],
]

const problemOfCode: ReadonlyMap<string, ConnectionProblem> = new Map(
  codes.flatMap(([problem, those]) => those.split(' ').map((code) => [code, problem] as const)),
)

/** Codes that are too many to list: name resolution, TLS, HTTP/2, and the errors of undici's parser. */
const families: readonly (readonly [pattern: RegExp, problem: ConnectionProblem])[] = [
  [/^EAI_/, 'name'],
  [/^ERR_SSL_/, 'tls'],
  [/^ERR_HTTP2_(?:GOAWAY|SESSION|STREAM)_/, 'broken'],
  [/^(?:HPE_|HTTPParserError$)/, 'broken'],
  [/^UND_ERR_SOCKS5_/, 'unreachable'],
]

/** A dispatcher was closed or destroyed. For a request under way the connection broke. A later request is a mistake of the program. */
const endings: ReadonlySet<string> = new Set([
  'ABORT_ERR',
  'UND_ERR_ABORT',
  'UND_ERR_ABORTED',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

/**
 * What failed. `undefined` for an error that is no failure of a connection.
 *
 * @param requestStarted A byte of the request may have left.
 */
export function connectionProblem(cause: unknown, requestStarted: boolean): ConnectionProblem | undefined {
  const found = errorCodes(cause)
  for (const code of found) {
    const problem = problemOfCode.get(code) ?? families.find(([pattern]) => pattern.test(code))?.[1]
    if (problem !== undefined) return problem
  }
  return requestStarted && found.some((code) => endings.has(code)) ? 'broken' : undefined
}

/** The first system error code of a failed connection, for a message: `ECONNREFUSED`. */
export function systemErrorCode(cause: unknown): string | undefined {
  return errorCodes(cause)[0]
}

/** System calls of connections. Files give the same codes: a hook that cannot read a file is a mistake of the program. */
const networkCalls =
  /^(?:connect|bind|socket|read|readv|write|writev|shutdown|send|recv|getaddrinfo|getnameinfo|query\w*)$/

/** The codes of the errors behind an error, outermost first. Happy Eyeballs reports one error per address. */
function errorCodes(cause: unknown, depth = 0): string[] {
  // The chain of causes may be a circle.
  if (!(cause instanceof Error) || depth > 10) return []
  const named: unknown = 'code' in cause ? cause.code : undefined
  // undici leaves the code of its parser's errors undefined.
  const code = named === undefined && cause.name === 'HTTPParserError' ? cause.name : named
  const syscall: unknown = 'syscall' in cause ? cause.syscall : undefined
  const isOfNetwork = typeof syscall !== 'string' || networkCalls.test(syscall)
  const own = typeof code === 'string' && isOfNetwork ? [code] : []
  const nested: unknown[] = cause instanceof AggregateError ? cause.errors : []
  return [
    ...own,
    ...nested.flatMap((error) => errorCodes(error, depth + 1)),
    ...errorCodes(cause.cause, depth + 1),
  ]
}
