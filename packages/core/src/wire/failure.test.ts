import { errors } from 'undici'
import { describe, expect, test } from 'vitest'
import { codeOfProblem, connectionProblem, systemErrorCode } from './failure.js'

function failure(code: string, details: object = {}): Error {
  return Object.assign(new Error(code), { code }, details)
}

/** What is reported of a request of which nothing left this machine. */
function reported(cause: unknown): string | undefined {
  const problem = connectionProblem(cause, false)
  return problem && codeOfProblem[problem]
}

const failuresOfConnections = {
  ERR_DNS: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'EAI_MEMORY', 'ESERVFAIL'],
  ERR_CONNECTION_REFUSED: [
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
    'EADDRINUSE',
    'EACCES',
    'EPERM',
    'EMFILE',
    'ENFILE',
    'ENOBUFS',
    'ENOMEM',
    'EINVAL',
    'ETIMEDOUT',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_ABORTED',
    'UND_ERR_SOCKS5',
    'UND_ERR_SOCKS5_AUTH_REJECTED',
    'UND_ERR_SOCKS5_REPLY_5',
  ],
  ERR_TLS: [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REVOKED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'HOSTNAME_MISMATCH',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_TLS_HANDSHAKE_TIMEOUT',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'EPROTO',
    'UND_ERR_PRX_TLS',
  ],
  ERR_CONNECTION_RESET: [
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENOTCONN',
    'ESHUTDOWN',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_HTTP2_STREAM_ERROR',
    'ERR_HTTP2_SESSION_ERROR',
    'HPE_INVALID_CONSTANT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_HEADERS_OVERFLOW',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_INFO',
    'UND_ERR_REQ_RETRY',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    'UND_ERR_SOCKET',
  ],
}

describe.each(Object.entries(failuresOfConnections))(
  'the failure of a connection is %s:',
  (expected, codes) => {
    test.each(codes)('%s', (code) => {
      expect(reported(failure(code))).toBe(expected)
      expect(systemErrorCode(failure(code))).toBe(code)
    })
  },
)

describe('the mistake of a program is none, whether the request had started or not:', () => {
  test.each([
    // What a dispatcher says that was used wrongly, or is none.
    'UND_ERR',
    'UND_ERR_BPL_MISSING_UPSTREAM',
    'UND_ERR_INVALID_ARG',
    'UND_ERR_INVALID_RETURN_VALUE',
    'UND_ERR_MAX_ORIGINS_REACHED',
    'UND_ERR_NOT_SUPPORTED',
    'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
    'UND_ERR_RESPONSE',
    'UND_ERR_WS_MESSAGE_SIZE_EXCEEDED',
    'UND_MOCK_ERR_MOCK_NOT_MATCHED',
    // What Node says.
    'ERR_INVALID_ARG_TYPE',
    'ERR_INVALID_ARG_VALUE',
    'ERR_INVALID_RETURN_VALUE',
    'ERR_METHOD_NOT_IMPLEMENTED',
    'ERR_MODULE_NOT_FOUND',
    'ERR_OUT_OF_RANGE',
    'ERR_TLS_INVALID_PROTOCOL_VERSION',
    'ERR_UNHANDLED_ERROR',
    'ENOENT',
    'EISDIR',
    'ENOTDIR',
    // Names that every object knows.
    'constructor',
    '__proto__',
    '',
  ])('%s', (code) => {
    expect(connectionProblem(failure(code), false)).toBeUndefined()
    expect(connectionProblem(failure(code), true)).toBeUndefined()
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ENOTFOUND'],
    ['no error', { code: 'ENOTFOUND' }],
    ['an error without a code', new Error('no code')],
    ['a TypeError', new TypeError('dispatcher.dispatch is not a function')],
    ['a code that is a number', Object.assign(new Error(), { code: 7 })],
    ['a file that a hook may not read', failure('EACCES', { syscall: 'open' })],
    ['a hook that opened too many files', failure('EMFILE', { syscall: 'scandir' })],
  ])('%s', (_, cause) => {
    expect(connectionProblem(cause, false)).toBeUndefined()
    expect(connectionProblem(cause, true)).toBeUndefined()
    expect(systemErrorCode(cause)?.length ?? 0).toBe(0)
  })
})

test('the same code of a system call for connections is the failure of one', () => {
  expect(reported(failure('EACCES', { syscall: 'connect' }))).toBe('ERR_CONNECTION_REFUSED')
  expect(reported(failure('ENOTFOUND', { syscall: 'getaddrinfo' }))).toBe('ERR_DNS')
  expect(reported(failure('ESERVFAIL', { syscall: 'queryA' }))).toBe('ERR_DNS')
})

test.each(['UND_ERR_ABORT', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'ABORT_ERR'])(
  'a dispatcher that its owner closed (%s) breaks the requests under way; using it later is a mistake',
  (code) => {
    expect(connectionProblem(failure(code), true)).toBe('broken')
    expect(connectionProblem(failure(code), false)).toBeUndefined()
  },
)

test('every error that undici can make is one or the other on purpose', () => {
  const made = Object.entries(errors).map(([name, Class]) => {
    const error: unknown = Reflect.construct(Class, ['message', undefined, { headers: {}, data: '' }])
    return [name, connectionProblem(error, false) ?? 'mistake']
  })
  expect(Object.fromEntries(made)).toMatchInlineSnapshot(`
    {
      "AbortError": "mistake",
      "BalancedPoolMissingUpstreamError": "mistake",
      "BodyTimeoutError": "broken",
      "ClientClosedError": "mistake",
      "ClientDestroyedError": "mistake",
      "ConnectTimeoutError": "unreachable",
      "HTTPParserError": "broken",
      "HeadersOverflowError": "broken",
      "HeadersTimeoutError": "broken",
      "InformationalError": "broken",
      "InvalidArgumentError": "mistake",
      "InvalidReturnValueError": "mistake",
      "MaxOriginsReachedError": "mistake",
      "MessageSizeExceededError": "mistake",
      "NotSupportedError": "mistake",
      "RequestAbortedError": "unreachable",
      "RequestContentLengthMismatchError": "mistake",
      "RequestRetryError": "broken",
      "ResponseContentLengthMismatchError": "broken",
      "ResponseError": "mistake",
      "ResponseExceededMaxSizeError": "broken",
      "SecureProxyConnectionError": "tls",
      "SocketError": "broken",
      "Socks5ProxyError": "unreachable",
      "UndiciError": "mistake",
    }
  `)
})

test('the cause behind an error counts', () => {
  const error = new Error('fetch failed', {
    cause: failure('UND_ERR_SOCKET', { cause: failure('ENOTFOUND') }),
  })
  expect(systemErrorCode(error)).toBe('UND_ERR_SOCKET')
  expect(reported(new TypeError('fetch failed', { cause: failure('ENOTFOUND') }))).toBe('ERR_DNS')
})

test('one failure for each address of a host is one failure', () => {
  const error = new AggregateError([failure('UNHEARD_OF'), failure('ECONNREFUSED')])
  expect(reported(error)).toBe('ERR_CONNECTION_REFUSED')
})

test('a chain of causes that bites its own tail ends', () => {
  const error = new Error('first')
  error.cause = new Error('second', { cause: error })
  expect(connectionProblem(error, true)).toBeUndefined()
})
