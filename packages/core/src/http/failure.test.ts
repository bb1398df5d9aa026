import { expect, test } from 'vitest'
import { connectionErrorCode, systemErrorCode } from './failure.js'

function systemError(code: string, options?: ErrorOptions): Error {
  return Object.assign(new Error(code, options), { code })
}

test.each([
  ['ENOTFOUND', 'ERR_DNS'],
  ['EAI_AGAIN', 'ERR_DNS'],
  ['ECONNREFUSED', 'ERR_CONNECTION_REFUSED'],
  ['EHOSTUNREACH', 'ERR_CONNECTION_REFUSED'],
  ['ENETUNREACH', 'ERR_CONNECTION_REFUSED'],
  ['UND_ERR_CONNECT_TIMEOUT', 'ERR_CONNECTION_REFUSED'],
  ['CERT_HAS_EXPIRED', 'ERR_TLS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS'],
  ['EPROTO', 'ERR_TLS'],
  ['ECONNRESET', 'ERR_CONNECTION_RESET'],
  ['UND_ERR_SOCKET', 'ERR_CONNECTION_RESET'],
  ['EPIPE', 'ERR_CONNECTION_RESET'],
])('%s is %s', (code, expected) => {
  expect(connectionErrorCode(systemError(code))).toBe(expected)
  expect(systemErrorCode(systemError(code))).toBe(code)
})

test('the cause behind an error counts', () => {
  const error = new Error('fetch failed', {
    cause: systemError('UND_ERR_SOCKET', { cause: systemError('ENOTFOUND') }),
  })
  expect(connectionErrorCode(error)).toBe('ERR_DNS')
  expect(systemErrorCode(error)).toBe('UND_ERR_SOCKET')
})

test('one failure for each address of a host is one failure', () => {
  const error = new AggregateError([systemError('ETIMEDOUT'), systemError('ECONNREFUSED')])
  expect(connectionErrorCode(error)).toBe('ERR_CONNECTION_REFUSED')
})

test.each([
  undefined,
  null,
  'ENOTFOUND',
  new Error('no code'),
  { code: 'ENOTFOUND' },
  Object.assign(new Error(), { code: 7 }),
])('what is not known to have stayed here (%o) counts as broken on the way', (cause) => {
  expect(connectionErrorCode(cause)).toBe('ERR_CONNECTION_RESET')
  expect(systemErrorCode(cause)).toBeUndefined()
})
