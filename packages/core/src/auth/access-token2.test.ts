import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseAccessToken2 } from '../access-token/parse.js'
import { verifyAccessToken2 } from '../access-token/verify.js'
import { createSignalingClient } from '../client/client.js'
import { appCertificate, appId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { accessToken2Auth } from './access-token2.js'
import type { AuthStrategy } from './strategy.js'

useCleanEnvironment()

const options = { appId, appCertificate, userId: 'server' }

async function tokenFor(strategy: AuthStrategy, userId?: string): Promise<string> {
  const { headers } = await strategy.authorize(userId)
  return headers['authorization']?.replace('agora token=', '') ?? ''
}

describe('tokens', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00.400Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('a call that names nobody acts for the user of the strategy', async () => {
    const strategy = accessToken2Auth(options)
    expect(strategy.userId).toBe('server')
    const token = await tokenFor(strategy)
    const require = { type: 2, privilege: 1, userId: 'server' } as const
    expect(verifyAccessToken2(token, { appId, appCertificate, require })).toMatchObject({ ttlSeconds: 3600 })
  })

  test.each(['alice', 'bob'])('sender %s gets a token of its own', async (userId) => {
    const token = await tokenFor(accessToken2Auth(options), userId)
    const { service } = verifyAccessToken2(token, { appId, appCertificate, require: { type: 2, userId } })
    expect(service).toMatchObject({ userId })
  })

  test('a token is used again until a margin before its end', async () => {
    const strategy = accessToken2Auth({ ...options, ttlSeconds: 600 })
    const first = await tokenFor(strategy, 'alice')
    vi.setSystemTime('2026-01-01T00:08:59.999Z')
    expect(await tokenFor(strategy, 'alice')).toBe(first)
    vi.setSystemTime('2026-01-01T00:09:00.000Z')
    const second = await tokenFor(strategy, 'alice')
    expect(second).not.toBe(first)
    expect(parseAccessToken2(second).issuedAtSeconds).toBe(Date.parse('2026-01-01T00:09:00Z') / 1000)
  })

  test('the margin counts from the end that stands in the token, which knows whole seconds only', async () => {
    const strategy = accessToken2Auth({ ...options, ttlSeconds: 2 })
    vi.setSystemTime('2026-01-01T00:00:01.900Z')
    const first = await tokenFor(strategy, 'alice')
    vi.setSystemTime('2026-01-01T00:00:02.799Z')
    expect(await tokenFor(strategy, 'alice')).toBe(first)
    vi.setSystemTime('2026-01-01T00:00:02.800Z')
    expect(await tokenFor(strategy, 'alice')).not.toBe(first)
  })

  test('only the tokens of the users served last are kept', async () => {
    const strategy = accessToken2Auth({ ...options, maxCachedTokens: 2 })
    const [alice, bob] = [await tokenFor(strategy, 'alice'), await tokenFor(strategy, 'bob')]
    expect(await tokenFor(strategy, 'alice')).toBe(alice)
    await tokenFor(strategy, 'carol')
    expect(await tokenFor(strategy, 'alice')).toBe(alice)
    expect(await tokenFor(strategy, 'bob')).not.toBe(bob)
  })

  test('10,000 tokens are kept when nothing else is asked for', { timeout: 30_000 }, async () => {
    const strategy = accessToken2Auth({ ...options, userId: 'user-0' })
    const [first, second] = [await tokenFor(strategy, 'user-0'), await tokenFor(strategy, 'user-1')]
    for (let index = 2; index < 10_000; index++) void strategy.authorize(`user-${index}`)
    expect(await tokenFor(strategy, 'user-0')).toBe(first)
    void strategy.authorize('user-10000')
    expect(await tokenFor(strategy, 'user-0')).toBe(first)
    expect(await tokenFor(strategy, 'user-1')).not.toBe(second)
  })
})

test('the header style is the one that was asked for', async () => {
  const { headers } = await accessToken2Auth({ ...options, headerStyle: 'both' }).authorize('alice')
  expect(Object.keys(headers).toSorted()).toEqual(['authorization', 'x-agora-token', 'x-agora-uid'])
  expect(headers['x-agora-uid']).toBe('alice')
  expect(headers['authorization']).toBe(`agora token=${headers['x-agora-token']}`)
})

test.each([
  ['appId', { appId: 'short' }, 'ERR_INVALID_APP_ID'],
  ['appCertificate', { appCertificate: 'canary' }, 'ERR_INVALID_APP_CERTIFICATE'],
  ['userId', { userId: 'a/b' }, 'ERR_INVALID_USER_ID'],
  ['ttlSeconds', { ttlSeconds: 0 }, 'ERR_INVALID_TTL'],
  ['ttlSeconds', { ttlSeconds: 86_401 }, 'ERR_INVALID_TTL'],
  ['ttlSeconds', { ttlSeconds: 1_767_225_600 }, 'ERR_INVALID_TTL'],
  ['maxCachedTokens', { maxCachedTokens: 0 }, 'ERR_INVALID_ARGUMENT'],
  ['maxCachedTokens', { maxCachedTokens: Number.NaN }, 'ERR_INVALID_ARGUMENT'],
])('a malformed %s is refused when the strategy is made', (argument, change, code) => {
  const error = thrownBy(() => accessToken2Auth({ ...options, ...change }))
  expect(error).toMatchObject({ code, argument })
  expect(inspect(error)).not.toContain('canary')
})

describe('after a 401', () => {
  const unauthorized = { status: 401, body: { message: 'invalid token' } }
  const success = { body: { result: 'success', code: 'message_sent' } }
  const message = { to: 'bob', payload: 'hello' }

  test('the call is tried once more, with a fresh token', async () => {
    const agora = mockAgora()
    agora.answers(unauthorized)
    agora.answers(success)
    await agora.tokenClient().messages.sendToUser(message)
    const [first, second] = agora.requests.map(({ headers }) => headers['authorization'])
    expect(first).toMatch(/^agora token=007/)
    expect(second).toMatch(/^agora token=007/)
    expect(second).not.toBe(first)
  })

  test('a second 401 is the end: the error lists both attempts and what to check', async () => {
    const agora = mockAgora()
    agora.answers(unauthorized)
    agora.answers(unauthorized)
    const error = await rejectionOf(agora.tokenClient().messages.sendToUser(message))
    expect(error).toMatchObject({
      code: 'ERR_UNAUTHORIZED',
      attempts: [
        { host: 'api.agora.io', status: 401 },
        { host: 'api.agora.io', status: 401 },
      ],
    })
    expect(error.message).toMatch(/app certificate is the primary one.*clock of this machine/)
    expect(agora.requests).toHaveLength(2)
  })

  test('calls that were refused together share one fresh token', async () => {
    const agora = mockAgora()
    for (let index = 0; index < 5; index++) agora.answers(unauthorized)
    for (let index = 0; index < 5; index++) agora.answers(success)
    const { messages } = agora.tokenClient()
    await Promise.all(Array.from({ length: 5 }, () => messages.sendToUser(message)))
    const tokens = agora.requests.map(({ headers }) => headers['authorization'])
    expect(new Set(tokens.slice(0, 5)).size).toBe(1)
    expect(new Set(tokens.slice(5)).size).toBe(1)
    expect(new Set(tokens).size).toBe(2)
  })

  test('the tokens of other users stay', async () => {
    const agora = mockAgora()
    const client = agora.tokenClient()
    const sendAs = (userId: string) => client.as(userId).messages.sendToUser(message)
    agora.answers(success)
    await sendAs('alice')
    agora.answers(unauthorized)
    agora.answers(success)
    await sendAs('bob')
    agora.answers(success)
    await sendAs('alice')
    const tokens = agora.requests.map(({ headers }) => headers['authorization'])
    expect(tokens[3]).toBe(tokens[0])
  })
})

test('the strategy does not print its certificate or its tokens', async () => {
  const strategy = accessToken2Auth(options)
  const token = await tokenFor(strategy)
  const shown = inspect([strategy, createSignalingClient({ appId, auth: strategy })], {
    depth: 10,
    showHidden: true,
  })
  expect(shown).not.toContain(appCertificate)
  expect(shown).not.toContain(token)
})
