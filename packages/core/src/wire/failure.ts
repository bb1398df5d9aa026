import type { AgoraConnectionErrorCode } from '../errors.js'

/** What the failure of a connection is, as far as anybody can do something about it. */
export type ConnectionProblem =
  'name' | 'unreachable' | 'certificate' | 'certificate-time' | 'no-tls' | 'tls' | 'broken'

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
 * The codes that say that a connection failed: of the system, of Node and of undici. Every other error is a mistake of
 * a program and none of these, whatever it broke: a code that nobody knows is not a connection to try again.
 */
const codes: readonly (readonly [problem: ConnectionProblem, codes: readonly string[]])[] = [
  // getaddrinfo has more of its own, which all begin with EAI_; those without it are c-ares'.
  [
    'name',
    [
      'ENOTFOUND',
      'ENODATA',
      'ESERVFAIL',
      'EREFUSED',
      'EFORMERR',
      'EBADNAME',
      'EBADRESP',
      'ETIMEOUT',
      'ECANCELLED',
    ],
  ],
  [
    'unreachable',
    [
      'ECONNREFUSED',
      'EHOSTUNREACH',
      'EHOSTDOWN',
      'ENETUNREACH',
      'ENETDOWN',
      'ENONET',
      'EADDRNOTAVAIL',
      'EADDRINUSE',
      'EAFNOSUPPORT',
      // A firewall of this machine.
      'EACCES',
      'EPERM',
      // This machine has no sockets left.
      'EMFILE',
      'ENFILE',
      'ENOBUFS',
      'ENOMEM',
      'EINVAL',
      'ETIMEDOUT',
      'ERR_SOCKET_CONNECTION_TIMEOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      // What a proxy says to CONNECT.
      'UND_ERR_ABORTED',
      'UND_ERR_SOCKS5',
    ],
  ],
  ['certificate-time', ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']],
  [
    'certificate',
    [
      'CERT_CHAIN_TOO_LONG',
      'CERT_REJECTED',
      'CERT_REVOKED',
      'CERT_SIGNATURE_FAILURE',
      'CERT_UNTRUSTED',
      'CRL_HAS_EXPIRED',
      'CRL_NOT_YET_VALID',
      'CRL_SIGNATURE_FAILURE',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'ERROR_IN_CERT_NOT_AFTER_FIELD',
      'ERROR_IN_CERT_NOT_BEFORE_FIELD',
      'ERROR_IN_CRL_LAST_UPDATE_FIELD',
      'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
      'ERR_TLS_CERT_ALTNAME_FORMAT',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'HOSTNAME_MISMATCH',
      'INVALID_CA',
      'INVALID_PURPOSE',
      'PATH_LENGTH_EXCEEDED',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
      'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
      'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
      'UNABLE_TO_GET_CRL',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
  ],
  // EPROTO is what older versions of Node call any of OpenSSL's.
  [
    'no-tls',
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_UNKNOWN_PROTOCOL', 'EPROTO'],
  ],
  // The rest of OpenSSL's begin with ERR_SSL_.
  [
    'tls',
    [
      'ERR_TLS_DH_PARAM_SIZE',
      'ERR_TLS_HANDSHAKE_TIMEOUT',
      'ERR_TLS_INVALID_STATE',
      'ERR_TLS_RENEGOTIATION_DISABLED',
      'ERR_TLS_SESSION_ATTACK',
      'UND_ERR_PRX_TLS',
    ],
  ],
  [
    'broken',
    [
      'ECONNRESET',
      'ECONNABORTED',
      'ENETRESET',
      'ENOTCONN',
      'ENOTSOCK',
      'EPIPE',
      'ESHUTDOWN',
      'EOF',
      'EIO',
      'ERR_SOCKET_CLOSED',
      'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
      'ERR_STREAM_DESTROYED',
      'ERR_STREAM_PREMATURE_CLOSE',
      'UND_ERR_BODY_TIMEOUT',
      'UND_ERR_HEADERS_OVERFLOW',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_INFO',
      'UND_ERR_REQ_RETRY',
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
      'UND_ERR_SOCKET',
    ],
  ],
]

const problems: ReadonlyMap<string, ConnectionProblem> = new Map(
  codes.flatMap(([problem, those]) => those.map((code) => [code, problem] as const)),
)

/** Families too large to list, or that grow: name resolution, TLS, HTTP/2, and what undici's parser does not take. */
const families: readonly (readonly [pattern: RegExp, problem: ConnectionProblem])[] = [
  [/^EAI_/, 'name'],
  [/^ERR_SSL_/, 'tls'],
  [/^ERR_HTTP2_(?:GOAWAY|SESSION|STREAM)_/, 'broken'],
  [/^(?:HPE_|HTTPParserError$)/, 'broken'],
  [/^UND_ERR_SOCKS5_/, 'unreachable'],
]

/** A dispatcher that was closed or destroyed: a connection that broke for requests under way, and for later ones a mistake. */
const endings: ReadonlySet<string> = new Set([
  'ABORT_ERR',
  'UND_ERR_ABORT',
  'UND_ERR_ABORTED',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

/**
 * What failed, for the failure of a connection. `undefined` for an error that is none.
 *
 * @param requestStarted A byte of the request may have left.
 */
export function connectionProblem(cause: unknown, requestStarted: boolean): ConnectionProblem | undefined {
  const found = errorCodes(cause)
  for (const code of found) {
    const problem = problems.get(code) ?? families.find(([pattern]) => pattern.test(code))?.[1]
    if (problem !== undefined) return problem
  }
  return requestStarted && found.some((code) => endings.has(code)) ? 'broken' : undefined
}

/** The first system error code of a failed connection, for a message: `ECONNREFUSED`. */
export function systemErrorCode(cause: unknown): string | undefined {
  return errorCodes(cause)[0]
}

/** What the system does for a connection. The same codes come of files: a hook that cannot read one has a mistake. */
const networkCalls =
  /^(?:connect|bind|socket|read|readv|write|writev|shutdown|send|recv|getaddrinfo|getnameinfo|query\w*)$/

/** The codes of the errors behind an error, outermost first. Happy Eyeballs reports one error per address. */
function errorCodes(cause: unknown, depth = 0): string[] {
  // A chain that bites its own tail ends.
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
