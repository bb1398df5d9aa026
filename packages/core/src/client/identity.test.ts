import { describe, expect, test } from 'vitest'
import { createSignalingClient } from './client.js'
import { appCertificate, appId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import { buildSignalingToken } from '../access-token/build.js'
import type { SignalingClient } from './client.js'

useCleanEnvironment()

const success = { body: { result: 'success', code: 'message_sent' } }

/** Every call that acts for a user, with the name of its sender where it is given one. */
const calls: readonly (readonly [string, string, (client: SignalingClient, sender?: unknown) => unknown])[] =
  [
    [
      'messages.sendToUser',
      'from',
      ({ messages }, from) => messages.sendToUser(unchecked({ to: 'bob', payload: 'hi' }, { from })),
    ],
    [
      'messages.sendToChannel',
      'from',
      ({ messages }, from) =>
        messages.sendToChannel(unchecked({ channel: 'lobby', payload: 'hi' }, { from })),
    ],
    [
      'history.list',
      'userId',
      ({ history }, userId) => history.list(unchecked({ channel: 'lobby' }, { userId })).page(),
    ],
    [
      'experimental.publish',
      'from',
      ({ experimental }, from) =>
        experimental.publish(unchecked({ channel: 'lobby', payload: 'hi' }, { from })),
    ],
  ]

/** Errors of `history.list` are thrown, the others rejected. */
async function errorOf(call: () => unknown) {
  return rejectionOf((async () => call())())
}

describe.each(calls)('%s', (_, argument, call) => {
  test.each([undefined, 'server'])(
    'of a client with Basic and default sender %s may name any',
    async (userId) => {
      const agora = mockAgora()
      for (const answers of ['answers', 'answersHistory'] as const)
        agora[answers]({ body: { result: 'success', errorCode: 200 } })
      const client = agora.basicClient(userId === undefined ? {} : { userId })
      await call(client, 'alice')
      expect(agora.requests).toHaveLength(1)
      expect(agora.requests[0]?.path).toMatch(/\/users?(?:Id)?\/alice\//)
      agora.forget()
    },
  )

  test('of a client with Basic and no default sender has to name one', async () => {
    const agora = mockAgora()
    const error = await errorOf(() => call(agora.basicClient()))
    expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument })
    expect(error.message).toMatch(/AGORA_USER_ID.*client\.as/)
    expect(agora.requests).toHaveLength(0)
  })

  test.each([null, 7, '', 'a/b', '..', ' alice'])(
    'refuses the sender %j, and does not put the default sender in its place',
    async (sender) => {
      const agora = mockAgora()
      const error = await errorOf(() => call(agora.basicClient({ userId: 'server' }), sender))
      expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument })
      expect(agora.requests).toHaveLength(0)
    },
  )

  test.each(['alice', 'Server', null])(
    'of a client with tokens for server refuses the sender %s',
    async (sender) => {
      const agora = mockAgora()
      const error = await errorOf(() => call(agora.tokenClient({ userId: 'server' }), sender))
      expect(error).toMatchObject({ name: 'AgoraValidationError', code: 'ERR_SENDER_MISMATCH', argument })
      expect(agora.requests).toHaveLength(0)
    },
  )

  test.each(['basicClient', 'tokenClient'] as const)(
    'of a %s that acts for alice refuses any other sender',
    async (kind) => {
      const agora = mockAgora()
      const error = await errorOf(() => call(agora[kind]().as('alice'), 'bob'))
      expect(error).toMatchObject({ code: 'ERR_SENDER_MISMATCH', argument })
      expect(error.message).toContain('"alice"')
      expect(agora.requests).toHaveLength(0)
    },
  )

  test.each([undefined, 'alice', 'server'])(
    'of a request without a user refuses the sender %s',
    async (sender) => {
      const agora = mockAgora()
      const clients = [
        agora.basicClient({ userId: 'server' }).forRequest(''),
        agora.tokenClient().forRequest(''),
      ]
      const errors = await Promise.all(clients.map((client) => errorOf(() => call(client, sender))))
      for (const error of errors) expect(error).toMatchObject({ code: 'ERR_IDENTITY_MISSING', argument })
      expect(agora.requests).toHaveLength(0)
    },
  )
})

describe('client.as', () => {
  test('gives the same client acting for one user', async () => {
    const agora = mockAgora()
    const alice = agora.basicClient({ userId: 'server' }).as('alice')
    expect(alice.userId).toBe('alice')
    expect(alice.appId).toBe(appId)
    agora.answers(success)
    await alice.messages.sendToUser({ to: 'bob', payload: 'hi' })
    agora.answers(success)
    await alice.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hi' })
    for (const { path } of agora.requests) expect(path).toContain('/users/alice/')
  })

  test('can be called on a view, too', () => {
    expect(mockAgora().tokenClient().as('alice').as('bob').userId).toBe('bob')
  })

  test.each(['', 'a/b', '.', '..', ' alice', 'x'.repeat(65), 'älice'])('refuses %j', (userId) => {
    const client = mockAgora().basicClient()
    expect(thrownBy(() => client.as(userId))).toMatchObject({
      code: 'ERR_INVALID_USER_ID',
      argument: 'userId',
    })
  })

  test('of a client with a token of its own refuses other users', () => {
    const token = buildSignalingToken({ appId, appCertificate, userId: 'server', ttlSeconds: 60 })
    const client = createSignalingClient({ appId, token, userId: 'server' })
    expect(client.as('server').userId).toBe('server')
    const error = thrownBy(() => client.as('alice'))
    expect(error).toMatchObject({ code: 'ERR_SENDER_MISMATCH', argument: 'userId' })
    expect(error.message).toMatch(/user "server" and cannot act for "alice"/)
    expect(error.message).not.toContain(token)
  })
})

test('only a view for a user is a request’s user: neither the back end nor nobody is', () => {
  const client = mockAgora().basicClient({ userId: 'server' })
  expect(client.as('alice').requestUserId).toBe('alice')
  expect(client.requestUserId).toBeUndefined()
  expect(client.forRequest('').requestUserId).toBeUndefined()
  expect(client.forRequest('').userId).toBeUndefined()
})
