import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildAccessToken2, buildSignalingToken } from '../access-token/build.js'
import { openEnvelope, sealPayload } from '../access-token/format/envelope.js'
import { parseAccessToken2 } from '../access-token/parse.js'
import { rtcService } from '../access-token/services/rtc.js'
import { createSignalingClient } from '../client/client.js'
import { appCertificate, appId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import type { MockAgora } from '../test-support/mock-agora.js'
import { tokenAuth } from './supplied-token.js'
import type { TokenAuthOptions } from './supplied-token.js'

useCleanEnvironment()

const now = new Date('2026-01-01T00:00:00Z')
const unauthorized = { status: 401, body: { message: 'invalid token' } }
const success = { body: { result: 'success', code: 'message_sent' } }
const message = { to: 'bob', payload: 'hello' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now })
})
afterEach(() => {
  vi.useRealTimers()
})

function freshToken(ttlSeconds = 3600): string {
  return buildSignalingToken({ appId, appCertificate, userId: 'server', ttlSeconds })
}

/** Our builder does not make such a token; others do. */
function tokenOfAWeek(): string {
  const payload = Buffer.from(openEnvelope(freshToken()))
  const ttlAt = 2 + 32 + 2 + appId.length + 4
  payload.writeUInt32LE(7 * 86_400, ttlAt)
  const token = sealPayload(payload, 'stored')
  expect(parseAccessToken2(token).ttlSeconds).toBe(7 * 86_400)
  return token
}

function clientWith(agora: MockAgora, token: TokenAuthOptions['token'], timeoutMs?: number) {
  return createSignalingClient({
    appId,
    auth: tokenAuth({ token, userId: 'server' }),
    dispatcher: agora.dispatcher,
    timeoutMs,
  })
}

/** What a client says of a supplied token that Agora refuses. */
async function hintFor(token: string): Promise<string> {
  const agora = mockAgora()
  agora.answers(unauthorized)
  const error = await rejectionOf(clientWith(agora, token).messages.sendToUser(message))
  expect(error.code).toBe('ERR_UNAUTHORIZED')
  expect(error.message).not.toContain(token)
  return 'hint' in error ? (error.hint ?? '') : ''
}

describe('a token in hand', () => {
  test('is sent as it is', async () => {
    const token = freshToken()
    const strategy = tokenAuth({ token, userId: 'server', headerStyle: 'both' })
    expect((await strategy.authorize(undefined)).headers).toEqual({
      authorization: `agora token=${token}`,
      'x-agora-token': token,
      'x-agora-uid': 'server',
    })
  })

  test('acts for its user only', () => {
    const strategy = tokenAuth({ token: freshToken(), userId: 'server' })
    expect(strategy.canActFor('server')).toBe(true)
    expect(strategy.canActFor('Server')).toBe(false)
    const client = createSignalingClient({ appId, auth: strategy })
    expect(client.as('server').userId).toBe('server')
    expect(thrownBy(() => client.as('alice'))).toMatchObject({
      code: 'ERR_SENDER_MISMATCH',
      argument: 'userId',
    })
  })

  test.each(['', 'canary\r\nx-admin: 1', 'canary '])(
    'that cannot stand in a header (%j) is refused at once',
    (token) => {
      const error = thrownBy(() => tokenAuth({ token, userId: 'server' }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_TOKEN', argument: 'token' })
      expect(error.message).not.toContain('canary')
    },
  )

  test('is not tried again after a 401', async () => {
    const agora = mockAgora()
    agora.answers(unauthorized)
    const error = await rejectionOf(clientWith(agora, freshToken()).messages.sendToUser(message))
    expect(error.code).toBe('ERR_UNAUTHORIZED')
    expect(error.message).toContain('looks sound from here')
  })

  test('that is not good for Signaling is explained after a 401', async () => {
    const agora = mockAgora()
    agora.answers(unauthorized)
    const services = [rtcService({ channelName: 'stage', account: 'server' })]
    const token = buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services })
    const error = await rejectionOf(clientWith(agora, token).messages.sendToUser(message))
    expect(error).toMatchObject({
      hint: expect.stringMatching(/not good for Signaling.*RTC.*RTM/) as unknown,
    })
    expect(error.message).not.toContain(token)
  })

  describe('that was refused is explained with what the client knows:', () => {
    const otherAppId = 'f'.repeat(32)

    test('it is for another App ID', async () => {
      const token = buildSignalingToken({
        appId: otherAppId,
        appCertificate,
        userId: 'server',
        ttlSeconds: 60,
      })
      const hint = await hintFor(token)
      expect(hint).toContain('not good for Signaling')
      expect(hint).toContain('App ID')
      expect(hint).not.toContain('looks sound')
    })

    test('it is for another user', async () => {
      const token = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 60 })
      expect(await hintFor(token)).not.toContain('looks sound')
    })

    test.each([
      ['it ends soon', () => freshToken(20), /looks sound.*expires in/],
      ['its life is longer than Agora allows', () => tokenOfAWeek(), /looks sound.*24 hours/],
    ])('%s', async (_, token, words) => {
      expect(await hintFor(token())).toMatch(words)
    })

    test('each warning stands there once', async () => {
      const hint = await hintFor(freshToken(20))
      expect(hint.split('expires in')).toHaveLength(2)
    })

    test('without a client there is no App ID to compare', async () => {
      const authorization = await tokenAuth({ token: freshToken(), userId: 'server' }).authorize(undefined)
      expect(authorization.explainRefusal()).toContain('looks sound from here')
    })
  })
})

describe('a function that fetches tokens', () => {
  test('is not called before the first call of the client', () => {
    const fetchToken = vi.fn<() => string>(() => freshToken())
    createSignalingClient({ appId, auth: tokenAuth({ token: fetchToken, userId: 'server' }) })
    expect(fetchToken).not.toHaveBeenCalled()
  })

  test.each([
    ['at once', () => 'the-token'],
    ['later', () => Promise.resolve('the-token')],
  ])('may answer %s', async (_, token) => {
    const { headers } = await tokenAuth({ token, userId: 'server' }).authorize(undefined)
    expect(headers).toEqual({ authorization: 'agora token=the-token' })
  })

  test('is called once for calls at the same time', async () => {
    const agora = mockAgora()
    for (let index = 0; index < 5; index++) agora.answers(success)
    const fetchToken = vi.fn<() => Promise<string>>(async () => freshToken())
    const { messages } = clientWith(agora, fetchToken)
    await Promise.all(Array.from({ length: 5 }, () => messages.sendToUser(message)))
    expect(fetchToken).toHaveBeenCalledOnce()
    expect(agora.requests).toHaveLength(5)
  })

  test('is called again a margin before the end of its token', async () => {
    const fetchToken = vi.fn<() => string>(() => freshToken(600))
    const strategy = tokenAuth({ token: fetchToken, userId: 'server' })
    await strategy.authorize(undefined)
    vi.setSystemTime(now.getTime() + 539_999)
    await strategy.authorize(undefined)
    expect(fetchToken).toHaveBeenCalledOnce()
    vi.setSystemTime(now.getTime() + 540_000)
    await strategy.authorize(undefined)
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })

  test('is called again within a day, however long its token claims to live', async () => {
    const fetchToken = vi.fn<() => string>(() => tokenOfAWeek())
    const strategy = tokenAuth({ token: fetchToken, userId: 'server' })
    await strategy.authorize(undefined)
    vi.setSystemTime(now.getTime() + (86_400 - 60) * 1000 - 1)
    await strategy.authorize(undefined)
    expect(fetchToken).toHaveBeenCalledOnce()
    vi.setSystemTime(now.getTime() + (86_400 - 60) * 1000)
    await strategy.authorize(undefined)
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })

  test('is called for each use of a token that cannot be read', async () => {
    const fetchToken = vi.fn<() => string>(() => 'of-another-kind')
    const strategy = tokenAuth({ token: fetchToken, userId: 'server' })
    await strategy.authorize(undefined)
    await strategy.authorize(undefined)
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })

  test('is asked once more after a 401, and never a third time', async () => {
    const agora = mockAgora()
    const fetchToken = vi.fn<() => string>(() => freshToken())
    const { messages } = clientWith(agora, fetchToken)
    agora.answers(unauthorized)
    agora.answers(success)
    await messages.sendToUser(message)
    expect(fetchToken).toHaveBeenCalledTimes(2)

    agora.answers(unauthorized)
    agora.answers(unauthorized)
    expect((await rejectionOf(messages.sendToUser(message))).code).toBe('ERR_UNAUTHORIZED')
    expect(fetchToken).toHaveBeenCalledTimes(3)
    expect(agora.requests).toHaveLength(4)
  })

  test('is asked once for calls that were refused together', async () => {
    const agora = mockAgora()
    for (let index = 0; index < 5; index++) agora.answers(unauthorized)
    for (let index = 0; index < 5; index++) agora.answers(success)
    const fetchToken = vi.fn<() => Promise<string>>(async () => freshToken())
    const { messages } = clientWith(agora, fetchToken)
    await Promise.all(Array.from({ length: 5 }, () => messages.sendToUser(message)))
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })

  test('that fails gives its failure to the caller, and is asked again by the next call', async () => {
    const agora = mockAgora()
    const failure = new Error('The token service is down.')
    const fetchToken = vi.fn<() => Promise<string>>(async () => freshToken()).mockRejectedValueOnce(failure)
    const { messages } = clientWith(agora, fetchToken)
    await expect(messages.sendToUser(message)).rejects.toBe(failure)
    agora.answers(success)
    await expect(messages.sendToUser(message)).resolves.toMatchObject({ status: 'sent' })
  })

  test('that throws is no different from one that rejects', async () => {
    const agora = mockAgora()
    const failure = new Error('The token service is down.')
    const client = clientWith(agora, () => {
      throw failure
    })
    await expect(client.messages.sendToUser(message)).rejects.toBe(failure)
  })

  test('that gives something that cannot stand in a header is refused', async () => {
    const agora = mockAgora()
    const error = await rejectionOf(clientWith(agora, () => 'canary\r\n').messages.sendToUser(message))
    expect(error).toMatchObject({ code: 'ERR_INVALID_TOKEN' })
    expect(error.message).not.toContain('canary')
  })

  test('that never answers ends with the time limit of the call', async () => {
    const agora = mockAgora()
    const client = clientWith(agora, () => new Promise(() => undefined), 20)
    const error = await rejectionOf(client.messages.sendToUser(message))
    expect(error).toMatchObject({ name: 'AgoraTimeoutError', code: 'ERR_TIMEOUT', attempts: [] })
  })

  test('that never answers ends with the signal of the call', async () => {
    const agora = mockAgora()
    const client = clientWith(agora, () => new Promise(() => undefined))
    const controller = new AbortController()
    const sending = client.messages.sendToUser({ ...message, signal: controller.signal })
    const reason = new Error('The visitor left.')
    controller.abort(reason)
    expect(await rejectionOf(sending)).toMatchObject({ code: 'ERR_ABORTED', cause: reason, attempts: [] })
  })

  test('that never answered is asked again by calls half a minute later', async () => {
    const agora = mockAgora()
    const fetchToken = vi.fn<() => Promise<string>>(() => new Promise(() => undefined))
    const { messages } = clientWith(agora, fetchToken, 20)
    await rejectionOf(messages.sendToUser(message))
    vi.setSystemTime(now.getTime() + 29_999)
    await rejectionOf(messages.sendToUser(message))
    expect(fetchToken).toHaveBeenCalledOnce()

    vi.setSystemTime(now.getTime() + 30_000)
    fetchToken.mockResolvedValueOnce(freshToken())
    agora.answers(success)
    await messages.sendToUser(message)
    expect(fetchToken).toHaveBeenCalledTimes(2)
  })

  test('that fails after its caller gave up does not end the process', async () => {
    const agora = mockAgora()
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    const waiting: ((reason: Error) => void)[] = []
    const client = clientWith(agora, () => new Promise((_, reject) => waiting.push(reject)))
    const controller = new AbortController()
    const sending = client.messages.sendToUser({ ...message, signal: controller.signal })
    controller.abort()
    await rejectionOf(sending)
    for (const fail of waiting) fail(new Error('too late'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('is not called for a call that was aborted before', async () => {
    const agora = mockAgora()
    const fetchToken = vi.fn<() => Promise<string>>(() => Promise.reject(new Error('down')))
    const sending = clientWith(agora, fetchToken).messages.sendToUser({
      ...message,
      signal: AbortSignal.abort(),
    })
    expect((await rejectionOf(sending)).code).toBe('ERR_ABORTED')
    expect(fetchToken).not.toHaveBeenCalled()
  })
})
