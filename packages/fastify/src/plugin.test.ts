import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { having, optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, createSignalingClient, getAgora } from './index.js'

// What is the same in every framework is checked by packages/conformance.

const emulator = useEmulator()
const actingFor = (userId: string): ReturnType<typeof optionsFor> & { userId: () => string } => ({
  ...optionsFor(emulator()),
  userId: () => userId,
})

function createApp(): FastifyInstance {
  const app = fastify()
  onTestFinished(() => app.close())
  return app
}

/** Tells whom the client of a request acts for. */
function addWho(app: FastifyInstance): void {
  app.get('/who', async (request) => ({ userId: getAgora(request).userId }))
}

async function who(app: FastifyInstance, path: string): Promise<unknown> {
  const response = await app.inject(path)
  return response.statusCode === 200 ? response.json<{ userId: unknown }>().userId : response.statusCode
}

test('serves the scope it is registered in and the scopes within, and no other', async () => {
  const app = createApp()
  addWho(app)
  app.get('/raw', async (request) => ({ hasClient: request.agora !== undefined }))
  await app.register(
    async (api) => {
      await api.register(agoraSignaling, actingFor('alice'))
      addWho(api)
      await api.register(async (inner) => addWho(inner), { prefix: '/inner' })
    },
    { prefix: '/api' },
  )
  expect(await who(app, '/api/who')).toBe('alice')
  expect(await who(app, '/api/inner/who')).toBe('alice')
  expect(await who(app, '/who')).toBe(500)
  expect((await app.inject('/raw')).json()).toEqual({ hasClient: false })
})

test('two scopes side by side have options of their own', async () => {
  const app = createApp()
  for (const name of ['first', 'second']) {
    void app.register(
      async (scope) => {
        await scope.register(agoraSignaling, actingFor(name))
        addWho(scope)
      },
      { prefix: `/${name}` },
    )
  }
  expect(await who(app, '/first/who')).toBe('first')
  expect(await who(app, '/second/who')).toBe('second')
})

test('a scope within another may have options of its own', async () => {
  const app = createApp()
  await app.register(agoraSignaling, actingFor('alice'))
  addWho(app)
  await app.register(
    async (admin) => {
      await admin.register(agoraSignaling, actingFor('admin'))
      addWho(admin)
    },
    { prefix: '/admin' },
  )
  expect(await who(app, '/who')).toBe('alice')
  expect(await who(app, '/admin/who')).toBe('admin')
})

test('twice in one scope: the later one wins', async () => {
  const app = createApp()
  await app.register(agoraSignaling, actingFor('alice'))
  await app.register(agoraSignaling, actingFor('bob'))
  addWho(app)
  expect(await who(app, '/who')).toBe('bob')
})

test('needs no await, whatever stands before or after it', async () => {
  const app = createApp()
  addWho(app)
  void app.register(agoraSignaling, actingFor('alice'))
  app.get('/later', async (request) => ({ userId: request.agora.userId }))
  expect(await who(app, '/who')).toBe('alice')
  expect(await who(app, '/later')).toBe('alice')
})

test('the client is there from the onRequest hook on, for the hooks of the application, too', async () => {
  const app = createApp()
  await app.register(agoraSignaling, actingFor('alice'))
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-user', request.agora.userId)
  })
  addWho(app)
  expect((await app.inject('/who')).headers['x-user']).toBe('alice')
})

test('says so when another plugin has taken request.agora', async () => {
  const app = createApp()
  app.decorateRequest('agora')
  void app.register(agoraSignaling, actingFor('alice'))
  await expect(app.ready()).rejects.toMatchObject({ code: 'FST_ERR_DEC_ALREADY_PRESENT' })
})

test('incomplete options stop the start', async () => {
  const app = createApp()
  void app.register(agoraSignaling, { ...actingFor('alice'), customerSecret: '' })
  await expect(app.ready()).rejects.toMatchObject({ code: 'ERR_CONFIG_MISSING' })
})

test('app.close() closes the client, and leaves one alone that was handed in', async () => {
  const own = fastify()
  await own.register(agoraSignaling, { ...optionsFor(emulator()), userId: 'server' })
  let kept: ReturnType<typeof getAgora> | undefined
  own.get('/', async (request) => {
    kept = request.agora
    return {}
  })
  await own.inject('/')
  await own.close()
  await expect(kept?.messages.sendToUser({ to: 'bob', payload: 'hello' })).rejects.toMatchObject({
    code: 'ERR_CLIENT_CLOSED',
  })

  const client = createSignalingClient({ ...optionsFor(emulator()), userId: 'server' })
  const shared = fastify()
  await shared.register(agoraSignaling, { client })
  await shared.ready()
  await shared.close()
  expect(await client.messages.sendToUser({ to: 'bob', payload: 'hello' })).toMatchObject({ status: 'sent' })
  await client.close()
})

test('the error handler may stand in any scope', async () => {
  const app = createApp()
  app.setErrorHandler(agoraErrorHandler())
  await app.register(async (scope) => {
    await scope.register(agoraSignaling, { ...optionsFor(emulator()), userId: () => undefined })
    scope.post('/lobby', (request) =>
      request.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }),
    )
  })
  const response = await app.inject({ method: 'POST', url: '/lobby' })
  expect([response.statusCode, response.json()]).toEqual([401, having({ code: 'ERR_IDENTITY_MISSING' })])
})
