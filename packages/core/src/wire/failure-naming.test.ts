import { describe, expect, test } from 'vitest'
import { mayHaveBeenSent } from '../client/send-many.js'
import { ExchangeFailed } from './exchange.js'
import { nameFailure } from './failure.js'

const details = { method: 'POST', path: '/messages', attempts: [] }

function failureOf(cause: unknown, requestStarted: boolean): ReturnType<typeof nameFailure> {
  return nameFailure(new ExchangeFailed(cause, requestStarted), 'api.agora.io', details, false)
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

test.each([
  ['ENOTFOUND', 'dns', 'ERR_DNS'],
  ['ECONNREFUSED', 'connect', 'ERR_CONNECTION_REFUSED'],
  ['EHOSTUNREACH', 'connect', 'ERR_CONNECTION_REFUSED'],
  ['ETIMEDOUT', 'connect', 'ERR_CONNECTION_REFUSED'],
  ['EPROTO', 'connect', 'ERR_TLS'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'connect', 'ERR_TLS'],
  ['ECONNRESET', 'connect', 'ERR_CONNECTION_RESET'],
])('%s before anything was written is: %s', (code, failure, expected) => {
  expect(failureOf(systemError(code), false)).toMatchObject({ failure, error: { code: expected } })
})

test.each(['ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO', 'ECONNREFUSED', 'UND_ERR_DESTROYED'])(
  'after the request had left, %s is a broken connection, and the message may have been sent',
  (code) => {
    const { failure, error } = failureOf(systemError(code), true)
    expect({ failure, code: error.code }).toEqual({ failure: 'broken', code: 'ERR_CONNECTION_RESET' })
    const attempts = [
      { host: 'api.agora.io', failure: error.code, requestStarted: true, durationMs: 1, waitedMs: 0 },
    ]
    expect(mayHaveBeenSent(attempts)).toBe(true)
  },
)

describe('a certificate that is not good is not tried again, and the error says what to do:', () => {
  test.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /baseUrl, AGORA_REST_BASE_URL/],
    ['CERT_HAS_EXPIRED', /clock of this machine/],
    ['CERT_NOT_YET_VALID', /clock of this machine/],
  ])('%s', (code, words) => {
    const { failure, error } = failureOf(systemError(code), false)
    expect({ failure, code: error.code }).toEqual({ failure: 'final', code: 'ERR_TLS' })
    expect(error.message).toContain(code)
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS')
    expect(error.message).toMatch(words)
  })
})

test.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'])(
  '%s is explained: https to a port that speaks http',
  (code) => {
    const { message } = failureOf(systemError(code), false).error
    expect(message).toMatch(/plain HTTP.*baseUrl, AGORA_REST_BASE_URL/)
    expect(message).not.toContain('NODE_EXTRA_CA_CERTS')
  },
)

/** What is thrown instead of being counted among the failures of connections. */
function mistakeOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

describe('the mistake of a program stays what it is, whether the request had started or not:', () => {
  test.each([
    ['a dispatcher that is none', new TypeError('dispatcher.dispatch is not a function')],
    ['a dispatcher of another version', systemError('UND_ERR_INVALID_ARG')],
    ['a mock that was not told', systemError('UND_MOCK_ERR_MOCK_NOT_MATCHED')],
    ['an error without a code', new Error('no')],
  ])('%s', (_, mistake) => {
    for (const requestStarted of [false, true]) {
      expect(mistakeOf(() => failureOf(mistake, requestStarted))).toBe(mistake)
    }
  })

  test('what was thrown elsewhere', () => {
    const mistake = new Error('The logger is broken.')
    expect(mistakeOf(() => nameFailure(mistake, 'api.agora.io', details, false))).toBe(mistake)
    const looksLike = systemError('ECONNRESET')
    expect(mistakeOf(() => nameFailure(looksLike, 'api.agora.io', details, false))).toBe(looksLike)
  })

  test('what is no error at all', () => {
    expect(mistakeOf(() => failureOf('no', false))).toMatchObject({ cause: 'no' })
    expect(mistakeOf(() => failureOf(undefined, true))).toBeInstanceOf(Error)
  })
})
