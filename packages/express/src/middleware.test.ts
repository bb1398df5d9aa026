import type { Request } from 'express'
import { describe, expect, test, vi } from 'vitest'
import { agoraErrorHandler, agoraSignaling, createSignalingClient, getAgora } from './index.js'
import type { AgoraSignalingOptions } from './index.js'
import { openLobby, optionsFor, stubEnvironment, useAgora, useEmulator } from './lobby.test.support.js'
import { expressVersions, route, serve } from './site.test.support.js'

type Options = AgoraSignalingOptions<Request>

const emulator = useEmulator()
const senders = (): string[] =>
  emulator()
    .messages()
    .map(({ from }) => from)
const post = { method: 'POST' }

function actingFor(userId: string): Options {
  return { ...optionsFor(emulator()), userId: () => userId }
}

describe.each(expressVersions)('agoraSignaling() in $version', ({ express }) => {
  test('without options everything comes from the environment', async () => {
    stubEnvironment({ ...emulator().env, AGORA_USER_ID: 'server' })
    const { site } = await openLobby(express)
    expect(await site.get('/lobby', post)).toMatchObject({ status: 200, body: { status: 'sent' } })
    expect(senders()).toEqual(['server'])
  })

  test('options say everything, too; a user ID as text is the back end’s own', async () => {
    const { site } = await openLobby(express, { ...optionsFor(emulator()), userId: 'server' })
    expect(await site.get('/lobby', post)).toMatchObject({ status: 200 })
    expect(senders()).toEqual(['server'])
  })

  describe('the user of a request', () => {
    const withUser = (userId: Options['userId']): Options => ({ ...optionsFor(emulator()), userId })
    const asAlice = { method: 'POST', headers: { 'x-session': 'alice' } }

    test.each<[string, Options['userId']]>([
      ['at once', (req) => req.get('x-session')],
      ['after a while', async (req) => Promise.resolve(req.get('x-session'))],
    ])('is the sender, found %s', async (_, userId) => {
      const { site } = await openLobby(express, withUser(userId))
      expect(await site.get('/lobby', asAlice)).toMatchObject({ status: 200 })
      expect(senders()).toEqual(['alice'])
    })

    test.each([undefined, null, ''])(
      '%o means nobody: 401, and nothing is sent, not even as the back end',
      async (nobody) => {
        vi.stubEnv('AGORA_USER_ID', 'server')
        const { site } = await openLobby(
          express,
          withUser(() => nobody),
        )
        expect(await site.get('/lobby', post)).toMatchObject({
          status: 401,
          body: { code: 'ERR_IDENTITY_MISSING' },
        })
        expect(emulator().requests()).toEqual([])
      },
    )

    test('with an ID that Agora cannot take is refused: 400, and nothing is sent', async () => {
      const { site } = await openLobby(
        express,
        withUser(() => 'alice/bob'),
      )
      expect(await site.get('/lobby', post)).toMatchObject({
        status: 400,
        body: { code: 'ERR_INVALID_USER_ID' },
      })
      expect(emulator().requests()).toEqual([])
    })

    test('is the only one the client sends as', async () => {
      const app = express()
      app.use(useAgora(withUser(() => 'alice')))
      app.post(
        '/',
        route(async (req, res) => {
          res.json(await req.agora.messages.sendToUser({ from: 'mallory', to: 'bob', payload: 'hello' }))
        }),
      )
      app.use(agoraErrorHandler())
      const site = await serve(app)
      expect(await site.get('/', post)).toMatchObject({ status: 403, body: { code: 'ERR_SENDER_MISMATCH' } })
      expect(emulator().requests()).toEqual([])
    })

    const lost = new Error('The session store is down.')
    test.each<[string, Options['userId']]>([
      [
        'throws',
        () => {
          throw lost
        },
      ],
      ['rejects', async () => Promise.reject(lost)],
    ])('is a matter for the application’s error handler when the callback %s', async (_, userId) => {
      const { site, errors } = await openLobby(express, withUser(userId))
      expect(await site.get('/lobby', post)).toMatchObject({ status: 418 })
      expect(errors).toEqual([lost])
      expect(emulator().requests()).toEqual([])
    })
  })

  describe('where it is mounted', () => {
    test('under a prefix: the client is there, and nowhere else', async () => {
      const app = express()
      app.use('/api', useAgora(actingFor('alice')))
      app.get('/api/me', (req, res) => {
        res.json(getAgora(req).userId)
      })
      app.get('/me', (req, res) => {
        res.json(Object.hasOwn(req, 'agora'))
      })
      const site = await serve(app)
      expect(await site.get('/api/me')).toMatchObject({ body: 'alice' })
      expect(await site.get('/me')).toMatchObject({ body: false })
    })

    test('twice: the later one wins, as with any middleware', async () => {
      const app = express()
      app.use(useAgora(actingFor('alice')))
      app.use('/admin', useAgora(actingFor('admin')))
      app.get(['/me', '/admin/me'], (req, res) => {
        res.json(getAgora(req).userId)
      })
      const site = await serve(app)
      expect(await site.get('/me')).toMatchObject({ body: 'alice' })
      expect(await site.get('/admin/me')).toMatchObject({ body: 'admin' })
    })

    test('in a router of its own', async () => {
      const api = express.Router()
      api.use(useAgora(actingFor('alice')))
      api.get('/me', (req, res) => {
        res.json(getAgora(req).userId)
      })
      const site = await serve(express().use('/v1', api))
      expect(await site.get('/v1/me')).toMatchObject({ body: 'alice' })
    })
  })

  describe('close()', () => {
    test('waits for the calls under way; later calls are refused as a fault of the set-up', async () => {
      const agora = agoraSignaling({ ...optionsFor(emulator()), userId: 'server' })
      const app = express()
      app.use(agora)
      app.post(
        '/lobby',
        route(async (req, res) => {
          const sent = req.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
          await agora.close()
          res.json(await sent)
        }),
      )
      app.use(agoraErrorHandler({ onError: () => {} }))
      const site = await serve(app)
      expect(await site.get('/lobby', post)).toMatchObject({ status: 200 })
      expect(await site.get('/lobby', post)).toMatchObject({
        status: 500,
        body: { code: 'ERR_CLIENT_CLOSED' },
      })
    })

    test('leaves a client alone that was handed in', async () => {
      const client = createSignalingClient({ ...optionsFor(emulator()), userId: 'server' })
      const agora = agoraSignaling({ client })
      await agora.close()
      expect(await client.messages.sendToUser({ to: 'bob', payload: 'hello' })).toMatchObject({
        status: 'sent',
      })
      await client.close()
    })
  })
})
