import { describe, expect, test } from 'vitest'
import { AgoraApiError, AgoraError } from '../errors.js'
import type { AgoraErrorCode } from '../errors.js'
import { toHttpError } from './http-error.js'

const statuses: Readonly<Record<AgoraErrorCode, number>> = {
  // The caller's own doing.
  ERR_IDENTITY_MISSING: 401,
  ERR_SENDER_MISMATCH: 403,
  ERR_INVALID_ARGUMENT: 400,
  ERR_INVALID_CHANNEL: 400,
  ERR_INVALID_PAYLOAD: 400,
  ERR_INVALID_USER_ID: 400,
  ERR_REJECTED_CONTENT: 422,
  ERR_ABORTED: 499,
  // A token or a notification that the caller brought.
  ERR_TOKEN_ENVELOPE: 401,
  ERR_TOKEN_BASE64: 401,
  ERR_TOKEN_ZLIB: 401,
  ERR_TOKEN_STRUCTURE: 401,
  ERR_TOKEN_SIGNATURE: 401,
  ERR_TOKEN_APP_ID: 401,
  ERR_TOKEN_NOT_YET_VALID: 401,
  ERR_TOKEN_EXPIRED: 401,
  ERR_TOKEN_SERVICE: 401,
  ERR_TOKEN_SUBJECT: 401,
  ERR_TOKEN_PRIVILEGE: 401,
  ERR_WEBHOOK_SIGNATURE: 401,
  ERR_WEBHOOK_PAYLOAD: 400,
  // Between us and Agora.
  ERR_RATE_LIMITED: 503,
  ERR_QUOTA_QUEUE_FULL: 503,
  ERR_QUOTA_LIMITER: 503,
  ERR_TIMEOUT: 504,
  ERR_BAD_REQUEST: 502,
  ERR_UNAUTHORIZED: 502,
  ERR_FORBIDDEN: 502,
  ERR_NOT_FOUND: 502,
  ERR_UPSTREAM: 502,
  ERR_INVALID_RESPONSE: 502,
  ERR_RESPONSE_TOO_LARGE: 502,
  ERR_DNS: 502,
  ERR_CONNECTION_REFUSED: 502,
  ERR_TLS: 502,
  ERR_CONNECTION_RESET: 502,
  // Our own set-up.
  ERR_CONFIG_MISSING: 500,
  ERR_CONFIG_INVALID: 500,
  ERR_CONFIG_CONFLICT: 500,
  ERR_SECRET_EXPOSED: 500,
  ERR_NOT_REGISTERED: 500,
  ERR_CLIENT_CLOSED: 500,
  ERR_INVALID_APP_ID: 500,
  ERR_INVALID_APP_CERTIFICATE: 500,
  ERR_INVALID_CREDENTIAL: 500,
  ERR_INVALID_PATH: 500,
  ERR_INVALID_SERVICE: 500,
  ERR_INVALID_TOKEN: 500,
  ERR_INVALID_TTL: 500,
  ERR_WEBHOOK_RAW_BODY: 500,
  ERR_WEBHOOK_HANDLER: 500,
  ERR_WEBHOOK_IN_PROGRESS: 503,
  ERR_WEBHOOK_STORE: 503,
}

describe.each(Object.entries(statuses))('%s', (code, status) => {
  const answer = toHttpError(errorOf(code))

  test(`is answered with ${status}, and not cached`, () => {
    expect(answer).toMatchObject({ status, headers: { 'cache-control': 'no-store' }, body: { code } })
  })

  test('has no field but code and message', () => {
    expect(Object.keys(answer?.body ?? {})).toEqual(['code', 'message'])
  })
})

test.each(Object.keys(statuses).filter((code) => toHttpError(errorOf(code))?.status !== 400))(
  '%s keeps to itself what concerns the developer',
  (code) => {
    const isOfCaller = code.startsWith('ERR_TOKEN_')
    expect(JSON.stringify(toHttpError(errorOf(code))).includes('canary')).toBe(isOfCaller)
  },
)

function errorOf(code: string): AgoraError {
  return Object.assign(new AgoraError('ERR_UPSTREAM', 'the canary'), { code })
}

function rateLimited(retryAfterMs?: number): AgoraApiError {
  const details = { method: 'GET', path: '/x', attempts: [], upstreamStatus: 429, retryAfterMs }
  return new AgoraApiError('ERR_RATE_LIMITED', 'the canary', details)
}

test.each(Object.entries(statuses))('%s is reported when it is no fault of the caller', (code, status) => {
  expect(toHttpError(errorOf(code))?.isFault).toBe(status >= 500)
})

test('what is wrong with an argument is told to whoever sent it', () => {
  expect(toHttpError(errorOf('ERR_INVALID_CHANNEL'))?.body.message).toBe('the canary')
})

test.each([
  [undefined, '1'],
  [0, '0'],
  [1, '1'],
  [1001, '2'],
  [30_000, '30'],
  [86_400_000, '86400'],
  // Our callers wait for what they are told.
  [1e12, '86400'],
  [Infinity, '86400'],
  [-1, '1'],
  [Number.NaN, '1'],
])('a quota refusal with retryAfterMs %s has Retry-After %s', (retryAfterMs, seconds) => {
  expect(toHttpError(rateLimited(retryAfterMs))).toMatchObject({
    status: 503,
    headers: { 'retry-after': seconds },
  })
})

test('other answers have no Retry-After', () => {
  expect(toHttpError(errorOf('ERR_UPSTREAM'))?.headers).not.toHaveProperty('retry-after')
})

test('a code that only a newer copy of this package knows is answered with 500', () => {
  expect(toHttpError(errorOf('ERR_OF_NEXT_YEAR'))).toMatchObject({
    status: 500,
    body: { code: 'ERR_OF_NEXT_YEAR' },
  })
})

test.each([new Error('other'), undefined, null, 'ERR_UPSTREAM', { status: 401 }])(
  '%o is none of our errors',
  (error) => {
    expect(toHttpError(error)).toBeUndefined()
  },
)
