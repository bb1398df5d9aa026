import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { isSignalingClient, SignalingClient } from '../client/client.js'
import type { SendToUserResult } from '../client/messages.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { createTestClient } from '../testing.js'
import type { TestAnswers } from '../testing.js'
import { answeredMethods } from './answered-methods.js'

const sent = { status: 'sent', requestId: undefined } as const
const at = new Date('2026-01-01T00:00:00Z')

describe('createTestClient answers', () => {
  it('with a value', async () => {
    const client = createTestClient({ 'messages.sendToUser': { status: 'offline', requestId: 'r' } })
    expect(await client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hi' })).toEqual({
      status: 'offline',
      requestId: 'r',
    })
  })

  it('with an error', async () => {
    const down = new Error('down')
    const client = createTestClient({ 'messages.sendToChannel': down })
    const sending = client.messages.sendToChannel({ from: 'alice', channel: 'lobby', payload: 'hi' })
    await expect(sending).rejects.toBe(down)
  })

  it('with what a function gives for the arguments', async () => {
    const client = createTestClient({
      'messages.sendToUser': ({ to }) => ({
        status: to === 'bob' ? 'sent' : 'offline',
        requestId: undefined,
      }),
    })
    const alice = client.as('alice')
    expect(await alice.messages.sendToUser({ to: 'bob', payload: 'hi' })).toMatchObject({ status: 'sent' })
    expect(await alice.messages.sendToUser({ to: 'carol', payload: 'hi' })).toMatchObject({
      status: 'offline',
    })
  })

  it('events as a batch', async () => {
    const event = { kind: 'user.login', userId: 'alice', at } as const
    const client = createTestClient({ 'events.pullUserEvents': [event], 'events.pullChannelEvents': [] })
    const batch = await client.events.pullUserEvents()
    expect([...batch.events]).toEqual([event])
    expect(batch.isFull).toBe(false)
    expect(await client.events.pullChannelEvents()).toMatchObject({ events: [] })
  })

  it('history as a listing', async () => {
    const message = { publisher: 'alice', payload: 'hi', messageType: 'STRING', timestamp: 1 }
    const client = createTestClient({ 'history.list': [message] })
    const listing = client.as('alice').history.list({ channel: 'lobby' })
    for await (const listed of listing) expect(listed).toEqual(message)
    expect((await listing.page()).messages).toEqual([message])
  })

  it('requests and projects', async () => {
    const result = { status: 200, body: { a: 1 }, requestId: undefined }
    const client = createTestClient({ request: result, 'projects.list': [] })
    expect(await client.request({ method: 'GET', path: '/dev/v1/projects' })).toEqual(result)
    expect(await client.projects.list()).toEqual([])
  })

  it('sendMany with the answers to its single messages', async () => {
    const client = createTestClient({
      'messages.sendToUser': sent,
      'messages.sendToChannel': new Error('down'),
    })
    const report = await client.as('alice').messages.sendMany([
      { to: 'bob', payload: 'hi' },
      { channel: 'lobby', payload: 'hi' },
    ])
    expect(report).toMatchObject({ succeeded: 1, failed: 1, end: 'done' })
    expect(client.calls.map(({ method }) => method).toSorted()).toEqual([
      'messages.sendToChannel',
      'messages.sendToUser',
    ])
  })

  it('tokens that are plainly none', () => {
    const { token, userId, expiresAt } = createTestClient().issueToken({ userId: 'alice', ttlSeconds: 60 })
    expect(token).toBe('test-token-of-createTestClient')
    expect(userId).toBe('alice')
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now())
    expect(createTestClient().as('bob').issueToken()).toMatchObject({ userId: 'bob' })
  })

  it('with a hint, where the test has no answer', async () => {
    const error = await rejectionOf(createTestClient().events.pullUserEvents())
    expect(error).toMatchObject({ code: 'ERR_CONFIG_MISSING' })
    expect(error.message).toBe(
      "This test client has no answer to events.pullUserEvents(). Give it one: createTestClient({ 'events.pullUserEvents': … }), with a result, an error or a function.",
    )
  })

  it('refuses an answer to a method that does not exist', () => {
    const misspelt: object = { 'messages.sendToUsr': sent }
    const error = thrownBy(() => createTestClient(misspelt))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain('Did you mean messages.sendToUser?')
  })

  it('refuses an answer that the client could not give', async () => {
    const wrong: object = {
      request: 'ok',
      'history.list': 'ok',
      'events.pullUserEvents': 'ok',
      issueToken: 'ok',
    }
    const client = createTestClient(wrong).as('alice')
    const unfit = { code: 'ERR_CONFIG_INVALID' }
    expect(await rejectionOf(client.request({ method: 'GET', path: '/dev/v1/projects' }))).toMatchObject(
      unfit,
    )
    expect(await rejectionOf(client.history.list({ channel: 'lobby' }).page())).toMatchObject(unfit)
    expect(await rejectionOf(client.events.pullUserEvents())).toMatchObject(unfit)
    expect(thrownBy(() => client.issueToken())).toMatchObject(unfit)
  })
})

describe('createTestClient checks as the client does', () => {
  const client = createTestClient({ 'messages.sendToUser': sent, 'history.list': [] })

  it('arguments and users', async () => {
    const { messages } = client.as('alice')
    expect(await rejectionOf(messages.sendToUser({ from: 'bob', to: 'carol', payload: 'hi' }))).toMatchObject(
      {
        code: 'ERR_SENDER_MISMATCH',
      },
    )
    expect(await rejectionOf(messages.sendToUser({ to: 'a/b', payload: 'hi' }))).toMatchObject({
      argument: 'to',
    })
    expect(thrownBy(() => client.as('alice').history.list({ channel: '' }))).toMatchObject({
      argument: 'channel',
    })
    expect(thrownBy(() => client.as(''))).toMatchObject({ code: 'ERR_INVALID_USER_ID' })
    expect(thrownBy(() => client.issueToken())).toMatchObject({ code: 'ERR_INVALID_USER_ID' })
    expect(await rejectionOf(client.as('alice').close())).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(client.calls).toEqual([])
  })
})

describe('createTestClient records', () => {
  it('the calls of the client and of its views, with their user', async () => {
    const client = createTestClient({ 'messages.sendToUser': sent }, { userId: 'backend' })
    await client.messages.sendToUser({ to: 'bob', payload: 'one' })
    await client.as('alice').messages.sendToUser({ to: 'bob', payload: 'two' })
    client.as('alice').issueToken()
    await client.close()
    expect(client.calls).toEqual([
      { method: 'messages.sendToUser', arguments: [{ to: 'bob', payload: 'one' }], userId: 'backend' },
      { method: 'messages.sendToUser', arguments: [{ to: 'bob', payload: 'two' }], userId: 'alice' },
      { method: 'issueToken', arguments: [{ userId: 'alice' }], userId: 'alice' },
      { method: 'close', arguments: [], userId: 'backend' },
    ])
  })

  it('and lets a spy take the place of a method', async () => {
    const client = createTestClient()
    const spy = vi.spyOn(client.projects, 'list').mockResolvedValue([])
    expect(await client.projects.list()).toEqual([])
    expect(spy).toHaveBeenCalledOnce()
  })
})

describe('createTestClient is a client', () => {
  it('that reads nothing of the environment', () => {
    vi.stubEnv('AGORA_USER_ID', 'someone')
    vi.stubEnv('AGORA_APP_ID', 'nonsense')
    expect(createTestClient()).toMatchObject({ appId: '0'.repeat(32), userId: undefined })
    vi.unstubAllEnvs()
  })

  it('by its mark and its class', () => {
    expect(isSignalingClient(createTestClient())).toBe(true)
    expect(createTestClient()).toBeInstanceOf(SignalingClient)
  })

  // What the client gets later is answered and recorded, or this fails.
  it('with every method of the client, none of which sends anything', async () => {
    const own = Object.getOwnPropertyNames(SignalingClient.prototype).filter((name) => name !== 'constructor')
    const notCalls = ['as', 'close', 'forRequest', 'during', 'issueTokenFor']
    const properties = ['appId', 'userId', 'requestUserId', 'isOfBackEnd', 'connections', 'log']
    const parts = ['messages', 'events', 'history', 'projects', 'experimental']
    const methods = answeredMethods()
    expect([...notCalls, ...properties, ...parts, 'request', 'issueToken'].toSorted()).toEqual(own.toSorted())
    expect(parts.every((part) => methods.some((method) => method.startsWith(`${part}.`)))).toBe(true)
    expectTypeOf<keyof TestAnswers>().toExtend<string>()
  })

  it.each(answeredMethods())('whose %s answers as it is told', async (name) => {
    const told = new ToldError()
    const client = createTestClient({ [name]: told })
    const path = name.split('.')
    const owner: unknown =
      path.length === 2 ? Reflect.get(client.as('alice'), path[0] ?? '') : client.as('alice')
    if (typeof owner !== 'object' || owner === null) throw new TypeError(`there is no ${name}`)
    const method: unknown = Reflect.get(owner, path.at(-1) ?? '')
    if (typeof method !== 'function') throw new TypeError(`there is no ${name}`)
    const argument = goodArguments[name]
    const call = async (): Promise<unknown> => {
      const result: unknown = Reflect.apply(method, owner, argument === undefined ? [] : [argument])
      return name === 'history.list' ? client.as('alice').history.list({ channel: 'lobby' }).page() : result
    }
    await expect(call()).rejects.toBe(told)
    expect(client.calls).toMatchObject([{ method: name, userId: 'alice' }])
  })
})

class ToldError extends Error {}

const goodArguments: Readonly<Record<string, unknown>> = {
  'messages.sendToUser': { to: 'bob', payload: 'hi' },
  'messages.sendToChannel': { channel: 'lobby', payload: 'hi' },
  'messages.sendMany': [],
  'history.list': { channel: 'lobby' },
  'experimental.publish': { channel: 'lobby', payload: 'hi' },
  request: { method: 'GET', path: '/dev/v1/projects' },
}

it('takes answers of the real types alone', () => {
  expectTypeOf<
    Extract<TestAnswers['messages.sendToUser'], { status: string }>
  >().toEqualTypeOf<SendToUserResult>()
  // @ts-expect-error: no such status
  expect(createTestClient({ 'messages.sendToUser': { status: 'lost', requestId: undefined } })).toBeDefined()
  // @ts-expect-error: no such method
  expect(() => createTestClient({ 'messages.send': sent })).toThrow(/no method/)
})
