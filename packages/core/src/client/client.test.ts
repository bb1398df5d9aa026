import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifyAccessToken2 } from '../access-token/verify.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import { createSignalingClient, isSignalingClient } from './client.js'

useCleanEnvironment()

describe('issueToken', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00.700Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('gives what a front end logs in with', () => {
    const issued = mockAgora().basicClient().issueToken({ userId: 'alice', ttlSeconds: 60 })
    expect(issued).toEqual({
      token: expect.stringMatching(/^007/) as unknown,
      userId: 'alice',
      appId,
      expiresAt: new Date('2026-01-01T00:01:00Z'),
    })
    const require = { type: 2, privilege: 1, userId: 'alice' } as const
    expect(verifyAccessToken2(issued.token, { appId, appCertificate, require })).toMatchObject({
      ttlSeconds: 60,
      expiresAtSeconds: issued.expiresAt.getTime() / 1000,
    })
  })

  test('lasts an hour unless told otherwise', () => {
    const { expiresAt } = mockAgora().tokenClient().issueToken({ userId: 'alice' })
    expect(expiresAt).toEqual(new Date('2026-01-01T01:00:00Z'))
  })

  test('sends nothing', () => {
    const agora = mockAgora()
    for (const client of [agora.tokenClient(), agora.basicClient(), agora.basicClient().as('alice')]) {
      expect(client.issueToken({ userId: 'alice' }).userId).toBe('alice')
    }
    expect(agora.requests).toHaveLength(0)
  })

  test('of a client that acts for a user is for that user, named or not', () => {
    const client = mockAgora().basicClient({ userId: 'server' })
    for (const view of [client.as('alice'), client.forRequest('alice'), client.as('bob').as('alice')]) {
      for (const options of [undefined, {}, { userId: undefined }, { userId: 'alice', ttlSeconds: 60 }]) {
        expect(view.issueToken(options).userId).toBe('alice')
      }
    }
  })

  test.each(['admin', 'Alice', '', null])('of a client that acts for alice is refused to %j', (userId) => {
    const client = mockAgora().basicClient({ userId: 'admin' })
    for (const view of [client.as('alice'), client.forRequest('alice')]) {
      const error = thrownBy(() => view.issueToken(unchecked({}, { userId })))
      expect(error).toMatchObject({ code: 'ERR_SENDER_MISMATCH', argument: 'userId' })
    }
  })

  test.each([undefined, 'alice', 'server'])('of a request without a user is refused to %s', (userId) => {
    const nobody = mockAgora().basicClient({ userId: 'server' }).forRequest('')
    expect(thrownBy(() => nobody.issueToken({ userId }))).toMatchObject({
      code: 'ERR_IDENTITY_MISSING',
      argument: 'userId',
    })
  })

  test('of the back end itself names its user: a token of the back end is none for a front end', () => {
    for (const client of [mockAgora().basicClient({ userId: 'server' }), mockAgora().tokenClient()]) {
      expect(thrownBy(() => client.issueToken()).code).toBe('ERR_INVALID_USER_ID')
      expect(client.issueToken({ userId: 'anybody' }).userId).toBe('anybody')
    }
  })

  test.each([1, 86_400])('may last %d seconds', (ttlSeconds) => {
    const { token } = mockAgora().basicClient().issueToken({ userId: 'alice', ttlSeconds })
    expect(verifyAccessToken2(token, { appId, appCertificate }).ttlSeconds).toBe(ttlSeconds)
  })

  test.each([0, 86_401, 1.5, -1, Number.NaN, 1_767_225_600])('may not last %d seconds', (ttlSeconds) => {
    const error = thrownBy(() => mockAgora().basicClient().issueToken({ userId: 'alice', ttlSeconds }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_TTL', argument: 'ttlSeconds' })
  })

  test.each(['', 'a/b', ' alice', 'x'.repeat(65), 'älice'])('is not issued to %j', (userId) => {
    const error = thrownBy(() => mockAgora().basicClient().issueToken({ userId }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument: 'userId' })
  })

  test('needs the certificate, and says where it is to be found', () => {
    const client = createSignalingClient({ appId, customerId, customerSecret })
    const error = thrownBy(() => client.issueToken({ userId: 'alice' }))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_MISSING' })
    expect(error.message).toContain('AGORA_APP_CERTIFICATE')
    expect(error.message).toContain('Primary certificate')
  })
})

test('a client knows itself, also one of a second copy of this package', async () => {
  expect(isSignalingClient(mockAgora().basicClient())).toBe(true)
  vi.resetModules()
  const secondCopy = await import('./client.js')
  expect(isSignalingClient(secondCopy.createSignalingClient({ appId, customerId, customerSecret }))).toBe(
    true,
  )
  for (const other of [undefined, null, {}, { messages: {} }, 'client'])
    expect(isSignalingClient(other)).toBe(false)
})

test('a view shares nothing that is made anew: resources are made once', () => {
  const client = mockAgora().basicClient()
  expect(client.messages).toBe(client.messages)
  expect(client.events).toBe(client.events)
  expect(client.history).toBe(client.history)
  expect(client.projects).toBe(client.projects)
  expect(client.experimental).toBe(client.experimental)
})

test('a client does not print its secrets', () => {
  const client = createSignalingClient({ appId, customerId, customerSecret, appCertificate })
  const shown = inspect([client, client.as('alice'), client.messages], { depth: 10, showHidden: true })
  expect(shown + JSON.stringify(client)).not.toMatch(new RegExp(`${customerSecret}|${appCertificate}`))
})
