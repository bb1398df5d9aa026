import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { having, optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from './index.js'

const emulator = useEmulator()

function createApp(): FastifyInstance {
  const app = fastify()
  onTestFinished(() => app.close())
  return app
}

describe('a mistake in the options stops the start', () => {
  test.each<[object, string]>([
    [{ userID: () => 'alice' }, 'Did you mean userId?'],
    [{ userId: {} }, 'userId of'],
    [{ quotas: true }, 'quotas of'],
    [{ tenant: 'x' }, 'tenant of'],
    [{ client: {} }, 'client of'],
  ])('%o', async (mistake, message) => {
    const app = createApp()
    const options: object = { ...optionsFor(emulator()), ...mistake }
    Reflect.apply(app.register.bind(app), undefined, [agoraSignaling, options])
    const starting = app.ready()
    await expect(starting).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    await expect(starting).rejects.toThrow(message)
  })

  test('but not the options that register() has itself', async () => {
    const app = createApp()
    void app.register(agoraSignaling, { ...optionsFor(emulator()), prefix: '/api', logLevel: 'fatal' })
    await expect(app.ready()).resolves.toBeDefined()
  })
})

describe('a token route that has nobody to make tokens for', () => {
  test('stops the start', async () => {
    for (const userId of [undefined, 'server']) {
      const app = createApp()
      await app.register(agoraSignaling, { ...optionsFor(emulator()), userId })
      await app.register(async (scope) => void scope.get('/agora/token', tokenRoute()))
      await expect(app.ready()).rejects.toMatchObject({ code: 'ERR_CONFIG_MISSING' })
    }
  })

  test('goes by the later of two registrations in one scope', async () => {
    for (const [first, second, starts] of [
      [() => 'alice', undefined, false],
      [undefined, () => 'alice', true],
    ] as const) {
      const app = createApp()
      await app.register(agoraSignaling, { ...optionsFor(emulator()), userId: first })
      await app.register(agoraSignaling, { ...optionsFor(emulator()), userId: second })
      app.get('/agora/token', tokenRoute())
      const started = await app.ready().then(
        () => true,
        () => false,
      )
      expect(started).toBe(starts)
    }
  })

  test('is none where it finds its user itself, or a registration within does', async () => {
    const app = createApp()
    await app.register(agoraSignaling, optionsFor(emulator()))
    app.get('/own/token', tokenRoute({ userId: () => 'alice' }))
    void app.register(async (scope) => {
      scope.get('/agora/token', tokenRoute())
      await scope.register(agoraSignaling, { ...optionsFor(emulator()), userId: () => 'bob' })
    })
    expect((await app.inject('/own/token')).json()).toMatchObject({ userId: 'alice' })
    expect((await app.inject('/agora/token')).json()).toMatchObject({ userId: 'bob' })
  })
})

test.each<[string, (app: FastifyInstance) => void, string]>([
  [
    'tokenRoute',
    (app) => void Reflect.apply(app.get.bind(app), undefined, ['/', tokenRoute]),
    "app.get('/agora/token', tokenRoute())",
  ],
  [
    'agoraErrorHandler',
    (app) => {
      Reflect.apply(app.setErrorHandler.bind(app), undefined, [agoraErrorHandler])
      app.get('/', async () => Promise.reject(new Error('Of the application.')))
    },
    'app.setErrorHandler(agoraErrorHandler())',
  ],
])('%s that is not called says so', async (_, mount, fix) => {
  const app = createApp()
  mount(app)
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([500, having({ code: 'ERR_CONFIG_INVALID' })])
  expect(answer.body).toContain(fix)
})

test('request.agora before the plugin names the line to add', async () => {
  const app = createApp()
  app.addHook('onRequest', async ({ agora }) => void agora.userId)
  await app.register(agoraSignaling, optionsFor(emulator()))
  app.get('/', async () => ({}))
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([500, having({ code: 'ERR_NOT_REGISTERED' })])
  expect(answer.body).toContain('await app.register(agoraSignaling)')
})

test('app.agora.forgetTenant() loads the options of a tenant anew', async () => {
  const options = vi.fn<(key: string) => ReturnType<typeof optionsFor>>(() => optionsFor(emulator()))
  const app = createApp()
  await app.register(agoraSignaling, { userId: () => 'alice', tenant: { key: () => 'theirs', options } })
  app.get('/', async ({ agora }) => ({ userId: agora.userId }))
  for (let request = 0; request < 3; request++) await app.inject('/')
  expect(options.mock.calls).toEqual([['theirs']])
  app.agora.forgetTenant('theirs')
  expect((await app.inject('/')).json()).toEqual({ userId: 'alice' })
  expect(options.mock.calls).toEqual([['theirs'], ['theirs']])
})
