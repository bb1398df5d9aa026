import { describe, expect, test } from 'vitest'
import type { SignalingClient } from '../client/client.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import type { MockAnswer } from '../test-support/mock-agora.js'

useCleanEnvironment()

/** How the client's call fails when Agora answers so. */
async function refusal(answer: MockAnswer, call = sending) {
  const agora = mockAgora()
  if (call === readingHistory) agora.answersHistory(answer)
  else agora.answers(answer)
  return rejectionOf(call(agora.basicClient({ userId: 'server' })))
}

const sending = ({ messages }: SignalingClient): Promise<unknown> =>
  messages.sendToUser({ to: 'bob', payload: 'hello' })
const readingHistory = ({ history }: SignalingClient): Promise<unknown> =>
  history.list({ channel: 'lobby' }).page()

test.each([
  [400, 'ERR_BAD_REQUEST'],
  [401, 'ERR_UNAUTHORIZED'],
  [403, 'ERR_FORBIDDEN'],
  [404, 'ERR_NOT_FOUND'],
  [408, 'ERR_UPSTREAM'],
  [410, 'ERR_NOT_FOUND'],
  [415, 'ERR_BAD_REQUEST'],
  [429, 'ERR_RATE_LIMITED'],
  [435, 'ERR_REJECTED_CONTENT'],
  [500, 'ERR_UPSTREAM'],
  [502, 'ERR_UPSTREAM'],
  [503, 'ERR_UPSTREAM'],
  [301, 'ERR_INVALID_RESPONSE'],
])('status %d is %s', async (status, code) => {
  const error = await refusal({ status, body: { message: 'no', request_id: '10116762670167749259' } })
  expect(error).toMatchObject({
    name: 'AgoraApiError',
    code,
    upstreamStatus: status,
    requestId: '10116762670167749259',
    method: 'POST',
    attempts: [{ host: 'api.agora.io', status, durationMs: expect.any(Number) as unknown }],
  })
})

test('the message says who answered what to which call, and then what to check', async () => {
  const { message } = await refusal({ status: 403, body: { reason: 'not enabled.' } })
  expect(message).toMatch(
    /^api\.agora\.io answered 403 to POST \/dev\/v2\/project\/0123…cdef\/rtm\/users\/server\/peer_messages\. Check that the App ID/,
  )
})

test('what Agora says stands beside the message, which frameworks may show to callers', async () => {
  const error = await refusal({ status: 403, body: { reason: 'not enabled.' } })
  expect(error).toMatchObject({ upstreamMessage: 'not enabled.' })
  expect(error.stack).not.toContain('not enabled')
})

test('an answer without words has none', async () => {
  const error = await refusal({ status: 503, body: '' })
  expect(error.message).toMatch(/answered 503 to POST .*\.$/)
  expect('upstreamMessage' in error).toBe(false)
  expect('hint' in error).toBe(false)
})

test('HTTP 200 with an error in its body is an error, and its attempt says 200', async () => {
  const body = {
    data: null,
    error: true,
    errorCode: 500,
    operation: 'history',
    reason: 'Sync Server Error',
    requestId: '79_1',
  }
  expect(await refusal({ body }, readingHistory)).toMatchObject({
    code: 'ERR_UPSTREAM',
    upstreamStatus: 500,
    requestId: '79_1',
    attempts: [{ host: 'api.sd-rtn.com', status: 200 }],
  })
})

test('a send that "failed" with HTTP 200 is an error', async () => {
  const error = await refusal({ body: { result: 'failed', request_id: '1', code: 'message_dropped' } })
  expect(error).toMatchObject({ code: 'ERR_UPSTREAM', requestId: '1', upstreamMessage: 'message_dropped' })
})

describe('a hint says what to check', () => {
  test.each([
    [
      '401: the customer ID and secret',
      401,
      sending,
      /customer ID and customer secret.*Developer Toolkit → RESTful API/,
    ],
    ['403: account and product', 403, sending, /App ID belongs to the account.*Signaling is enabled/],
    ['403 of history: whether history is on', 403, readingHistory, /history is not enabled.*Agora Console/],
    ['500 of history: the same', 500, readingHistory, /history is not enabled.*Agora Console/],
    ['404: where the call went', 404, sending, /^api\.agora\.io has no such route.*AGORA_REST_BASE_URL/],
    ['429: the limit of sends', 429, sending, /500 peer and channel messages a second/],
    ['429 of history: its own limit', 429, readingHistory, /60 history reads a second/],
    ['435: moderation', 435, sending, /moderation/],
  ])('%s', async (_, status, call, hint) => {
    const error = await refusal({ status, body: { message: 'no' } }, call)
    expect(error).toHaveProperty('hint')
    const said = 'hint' in error ? error.hint : undefined
    expect(said).toMatch(hint)
    expect(error.message).toContain(said)
  })

  test('the emulator knows better: its reason is the hint', async () => {
    const headers = { 'x-emulator-reason': 'the token is for user bob, the path says server' }
    const error = await refusal({ status: 401, body: { message: 'invalid token' }, headers })
    expect(error).toHaveProperty('hint', 'the token is for user … the path says server')
  })
})

describe('Retry-After is handed on as milliseconds', () => {
  test('from seconds', async () => {
    expect(await refusal({ status: 429, headers: { 'retry-after': '3' } })).toMatchObject({
      retryAfterMs: 3000,
    })
  })

  test('from a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    const error = await refusal({ status: 503, headers: { 'retry-after': date } })
    const retryAfterMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined
    expect(retryAfterMs).toBeGreaterThan(50_000)
    expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('and is absent when Agora does not say', async () => {
    expect('retryAfterMs' in (await refusal({ status: 429 }))).toBe(false)
  })
})
