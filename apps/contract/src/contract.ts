import { verifyAccessToken2 } from '@agora-signaling/core'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator, EmulatorEnvironment } from '@agora-signaling/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ChatClient, fieldOf, matching } from './chat-client.js'

/** A chat back end that listens. */
export interface RunningChat {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * The contract of the chat back ends (README.md), for any of them.
 *
 * @param start Starts the back end with these environment variables.
 */
export function defineChatContract(
  name: string,
  start: (environment: EmulatorEnvironment) => Promise<RunningChat>,
): void {
  describe(`${name} keeps the chat contract`, () => {
    let emulator: Emulator
    let chat: RunningChat
    let alice: ChatClient
    let stranger: ChatClient

    beforeAll(async () => {
      emulator = await createEmulator()
      chat = await start(emulator.env)
      stranger = new ChatClient(chat.url)
    })
    beforeEach(async () => {
      emulator.reset()
      alice = await stranger.logIn('alice')
    })
    afterAll(async () => {
      await chat.stop()
      await emulator.close()
    })

    describe('POST /login', () => {
      test('gives a session', async () => {
        const answer = await stranger.post('/login', { userId: 'alice' })
        expect(answer).toEqual({ status: 200, body: { session: matching(/^\S{16,}$/) } })
      })

      test.each([
        ['an empty ID', { userId: '' }, 'ERR_INVALID_USER_ID'],
        ['an ID with a slash', { userId: 'alice/bob' }, 'ERR_INVALID_USER_ID'],
        ['an ID of 65 characters', { userId: 'a'.repeat(65) }, 'ERR_INVALID_USER_ID'],
        ['an ID that starts with a space', { userId: ' alice' }, 'ERR_INVALID_USER_ID'],
        ['a number', { userId: 42 }, 'ERR_INVALID_REQUEST'],
        ['no ID', {}, 'ERR_INVALID_REQUEST'],
      ])('refuses %s', async (_, body, code) => {
        expect(await stranger.post('/login', body)).toEqual(refusal(400, code))
      })
    })

    describe('without a session', () => {
      test.each([
        ['GET', '/token'],
        ['POST', '/channels/lobby/messages'],
        ['POST', '/users/bob/messages'],
        ['GET', '/channels/lobby/history'],
        ['GET', '/events'],
      ])('%s %s answers 401, and nothing goes to Agora', async (method, path) => {
        const body = method === 'POST' ? { text: 'hello' } : undefined
        expect(await stranger.call(method, path, body)).toEqual(refusal(401, 'ERR_IDENTITY_MISSING'))
        const forged = new ChatClient(chat.url, 'made up')
        expect(await forged.call(method, path, body)).toEqual(refusal(401, 'ERR_IDENTITY_MISSING'))
        expect(emulator.requests()).toEqual([])
      })
    })

    describe('GET /token', () => {
      test('gives the user a token to log in to Signaling with', async () => {
        const { status, body } = await alice.get('/token')
        const { appId, appCertificate } = emulator.credentials
        expect(status).toBe(200)
        expect(body).toEqual({ token: matching(/^007/), userId: 'alice', appId, expiresAt: matching(/Z$/) })
        const login = { type: 2, privilege: 1, userId: 'alice' } as const
        const token = String(fieldOf(body, 'token'))
        expect(verifyAccessToken2(token, { appId, appCertificate, require: login })).toMatchObject({ appId })
      })
    })

    describe('POST /channels/:name/messages', () => {
      test('sends the text as the user', async () => {
        const answer = await alice.post('/channels/lobby/messages', { text: 'hello' })
        expect(answer).toEqual({ status: 200, body: { status: 'sent', requestId: matching(/^\d+$/) } })
        expect(emulator.messages()).toMatchObject([
          { kind: 'channel', from: 'alice', channel: 'lobby', payload: 'hello' },
        ])
      })

      // All 90 legal characters, in names of at most 64; what decoding twice would spoil; the longest path.
      test.each([
        'a%b?c#d',
        '100%41',
        '#'.repeat(64),
        "! #$%&()+-:;<=.>?@[]^_{}|~,'",
        `${letters}${letters.toUpperCase()}0123456789`,
      ])('takes the channel %s, percent-encoded', async (channel) => {
        const path = `/channels/${encodeURIComponent(channel)}`
        expect(await alice.post(`${path}/messages`, { text: 'hello' })).toMatchObject({ status: 200 })
        expect(emulator.messages()).toMatchObject([{ channel }])
        expect(await alice.get(`${path}/history`)).toMatchObject({
          body: { messages: [{ payload: 'hello' }] },
        })
      })

      test('takes 32,768 bytes of any text', async () => {
        const text = '\u0000'.repeat(32_768)
        expect(await alice.post('/channels/lobby/messages', { text })).toMatchObject({ status: 200 })
        expect(emulator.messages()).toMatchObject([{ payload: text }])
      })

      test('ignores whom the caller says it is', async () => {
        const body = { text: 'hello', from: 'mallory', userId: 'mallory' }
        await alice.post('/channels/lobby/messages?from=mallory', body)
        expect(emulator.messages()).toMatchObject([{ from: 'alice' }])
      })

      test.each([
        ['empty', { text: '' }, 'ERR_INVALID_PAYLOAD'],
        ['one byte too long', { text: 'x'.repeat(32_769) }, 'ERR_INVALID_PAYLOAD'],
        ['too long in bytes of UTF-8', { text: 'ß'.repeat(16_385) }, 'ERR_INVALID_PAYLOAD'],
        ['missing', {}, 'ERR_INVALID_REQUEST'],
        ['no text', { text: { nested: true } }, 'ERR_INVALID_REQUEST'],
      ])('refuses a text that is %s, and nothing is sent', async (_, body, code) => {
        expect(await alice.post('/channels/lobby/messages', body)).toEqual(refusal(400, code))
        expect(emulator.requests()).toEqual([])
      })

      test.each(['a/b', 'a"b', 'a\\b', 'ä', 'x'.repeat(65), 'x'.repeat(101), ' a'])(
        'refuses the channel %j',
        async (channel) => {
          const path = `/channels/${encodeURIComponent(channel)}/messages`
          const answer = await alice.post(path, { text: 'hello' })
          expect(answer).toEqual(refusal(400, 'ERR_INVALID_CHANNEL'))
        },
      )
    })

    describe('POST /users/:id/messages', () => {
      test('sends the text as the user; who is offline does not matter', async () => {
        const answer = await alice.post('/users/bob/messages', { text: 'hello' })
        expect(answer).toEqual({ status: 200, body: { status: 'sent', requestId: matching(/^\d+$/) } })
        expect(emulator.messages()).toMatchObject([
          { kind: 'peer', from: 'alice', to: 'bob', payload: 'hello' },
        ])
      })

      test('with waitForAck, says whether the receiver has it', async () => {
        const ask = { text: 'hello', waitForAck: true }
        expect(await alice.post('/users/bob/messages', ask)).toMatchObject({
          status: 200,
          body: { status: 'offline' },
        })
        emulator.users.login('bob')
        expect(await alice.post('/users/bob/messages', ask)).toMatchObject({
          status: 200,
          body: { status: 'delivered' },
        })
      })

      test.each([
        ['an impossible user', '/users/bob%2Feve/messages', { text: 'hello' }, 'ERR_INVALID_USER_ID'],
        ['an empty text', '/users/bob/messages', { text: '' }, 'ERR_INVALID_PAYLOAD'],
        [
          'a waitForAck that is no flag',
          '/users/bob/messages',
          { text: 'x', waitForAck: 'yes' },
          'ERR_INVALID_REQUEST',
        ],
      ])('refuses %s, and nothing is sent', async (_, path, body, code) => {
        expect(await alice.post(path, body)).toEqual(refusal(400, code))
        expect(emulator.requests()).toEqual([])
      })
    })

    describe('GET /channels/:name/history', () => {
      test('gives the messages, newest first', async () => {
        for (const text of ['first', 'second']) await alice.post('/channels/lobby/messages', { text })
        const message = { publisher: 'alice', messageType: 'STRING' }
        expect(await alice.get('/channels/lobby/history')).toMatchObject({
          status: 200,
          body: {
            messages: [
              { ...message, payload: 'second' },
              { ...message, payload: 'first' },
            ],
          },
        })
      })

      test('gives page after page, by limit and before', async () => {
        for (const text of ['first', 'second', 'third'])
          await alice.post('/channels/lobby/messages', { text })
        const newest = await alice.get('/channels/lobby/history?limit=2')
        expect(newest).toMatchObject({ body: { messages: [{ payload: 'third' }, { payload: 'second' }] } })
        const before = String(fieldOf(newest.body, 'nextBefore'))
        const older = await alice.get(`/channels/lobby/history?limit=2&before=${before}`)
        expect(older).toMatchObject({ body: { messages: [{ payload: 'first' }] } })
        expect(older.body).not.toHaveProperty('nextBefore')
      })

      test('of a channel that nobody wrote to is empty', async () => {
        expect(await alice.get('/channels/quiet/history')).toEqual({ status: 200, body: { messages: [] } })
      })

      test.each([
        'limit=0',
        'limit=-1',
        'limit=x',
        'limit=',
        'limit=1&limit=2',
        'before=yesterday',
        'before=-1',
      ])('refuses ?%s', async (query) => {
        expect(await alice.get(`/channels/lobby/history?${query}`)).toEqual(
          refusal(400, 'ERR_INVALID_ARGUMENT'),
        )
      })
    })

    describe('GET /events', () => {
      test('gives the events of both queues, once: reading deletes', async () => {
        emulator.users.login('bob')
        emulator.channels.join('lobby', 'bob')
        const at = matching(/^\d{4}-\d\d-\d\dT.*Z$/)
        expect(await alice.get('/events')).toEqual({
          status: 200,
          body: {
            users: batchOf({ kind: 'user.login', userId: 'bob', at }),
            channels: batchOf({ kind: 'channel.join', userId: 'bob', channel: 'lobby', at }),
          },
        })
        expect(await alice.get('/events')).toEqual({
          status: 200,
          body: { users: batchOf(), channels: batchOf() },
        })
      })

      test('HEAD is 404, and deletes nothing', async () => {
        emulator.users.login('bob')
        expect(await alice.head('/events')).toBe(404)
        expect(await alice.get('/events')).toMatchObject({
          body: { users: { events: [{ userId: 'bob' }] } },
        })
      })
    })

    describe('what is no request of this contract', () => {
      const json = 'application/json'
      test.each([
        ['malformed JSON', json, '{"text": "hel', 400],
        ['JSON that is no object', json, '"hello"', 400],
        ['text that is not announced as JSON', 'text/plain', '{"text":"hello"}', 400, /application\/json/],
        ['a form', 'application/x-www-form-urlencoded', 'text=hello', 400, /application\/json/],
        ['a body of a megabyte', json, JSON.stringify({ text: 'x'.repeat(1_048_576) }), 413],
      ])(
        '%s is refused in JSON, and spoils no other request',
        async (_, contentType, body, status, message = /\S/) => {
          const answer = await alice.send('POST', '/channels/lobby/messages', body, contentType)
          expect(answer).toEqual(refusal(status, 'ERR_INVALID_REQUEST', message))
          expect(await alice.get('/token')).toMatchObject({ status: 200 })
          expect(await alice.post('/users/bob/messages', { text: 'hello' })).toMatchObject({ status: 200 })
        },
      )

      test.each(['/channels/a%b/messages', '/channels/%zz/messages'])(
        '%s, badly encoded, is refused in JSON',
        async (path) => {
          expect(await alice.post(path, { text: 'hello' })).toEqual(refusal(400, 'ERR_INVALID_REQUEST'))
        },
      )

      test.each([
        ['GET', '/nowhere'],
        ['DELETE', '/token'],
        ['GET', '/channels/lobby/messages'],
      ])('%s %s is 404 in JSON, with a session and without', async (method, path) => {
        expect(await alice.call(method, path)).toEqual(refusal(404, 'ERR_NO_SUCH_ROUTE'))
        expect(await stranger.call(method, path)).toEqual(refusal(404, 'ERR_NO_SUCH_ROUTE'))
      })
    })

    test('Agora refusing the server is 502, and never the caller’s 401', async () => {
      const misconfigured = await start({ ...emulator.env, AGORA_CUSTOMER_SECRET: 'wrong' })
      const user = await new ChatClient(misconfigured.url).logIn('alice')
      const answer = await user.post('/channels/lobby/messages', { text: 'hello' })
      await misconfigured.stop()
      expect(answer).toEqual(refusal(502, 'ERR_UNAUTHORIZED'))
    })
  })
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** Every refusal looks the same. */
/** One read of an event queue that lost nothing. */
function batchOf(...events: readonly object[]): object {
  return { events, requestId: matching(/^\d+$/), isFull: false, possibleLoss: false, unreadable: [] }
}

function refusal(status: number, code: string, message = /\S/): { status: number; body: unknown } {
  return { status, body: { code, message: matching(message) } }
}
