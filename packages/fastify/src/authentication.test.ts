import jwt from '@fastify/jwt'
import fastify from 'fastify'
import type { FastifyInstance, FastifyRequest, LightMyRequestResponse, RouteShorthandOptions } from 'fastify'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { matching, optionsFor, useEmulator } from './emulator.test.support.js'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from './index.js'
import type { AgoraSignalingPluginOptions } from './index.js'

const emulator = useEmulator()

declare module '@fastify/jwt' {
  interface FastifyJWT {
    user: { id: string }
  }
}

type UserId = NonNullable<AgoraSignalingPluginOptions['userId']>

/** As the README of @fastify/jwt has it. */
async function authenticate(request: FastifyRequest): Promise<void> {
  await request.jwtVerify()
}

const signIns: [string, RouteShorthandOptions][] = [
  ['onRequest', { onRequest: [authenticate] }],
  ['onRequest, not in a list', { onRequest: authenticate }],
  ['preValidation', { preValidation: [authenticate] }],
  ['preHandler', { preHandler: [authenticate] }],
  ['preHandler, not in a list', { preHandler: authenticate }],
]

const callbacks: [string, UserId][] = [
  ['at once', (request: FastifyRequest) => request.user.id],
  ['after a while', async (request: FastifyRequest) => Promise.resolve(request.user.id)],
]

function addRoutes(app: FastifyInstance, signIn: RouteShorthandOptions): void {
  app.post('/lobby', signIn, async ({ agora }) =>
    agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }),
  )
  // Sync: a handler need not wait for its client.
  app.get('/who', signIn, (request, reply) => {
    void reply.send({ userId: request.agora.userId })
  })
  app.get('/agora/token', signIn, tokenRoute())
}

async function open(build: (app: FastifyInstance) => Promise<void>): Promise<FastifyInstance> {
  const app = fastify()
  onTestFinished(() => app.close())
  await app.register(jwt, { secret: 'a secret of thirty-two characters' })
  app.setErrorHandler(agoraErrorHandler())
  await build(app)
  await app.ready()
  return app
}

interface Seen {
  readonly sent: unknown
  readonly senders: readonly string[]
  readonly users: readonly unknown[]
  readonly head: number
  readonly stranger: number
}

/** What Alice sees, and a stranger. */
async function seenBy(app: FastifyInstance): Promise<Seen> {
  const headers = { authorization: `Bearer ${app.jwt.sign({ id: 'alice' })}` }
  const ask = async (url: string, method: 'GET' | 'POST' | 'HEAD' = 'GET'): Promise<LightMyRequestResponse> =>
    app.inject({ method, url, headers })
  const userOf = async (url: string): Promise<unknown> => (await ask(url)).json<{ userId: unknown }>().userId
  return {
    sent: (await ask('/lobby', 'POST')).statusCode,
    senders: emulator()
      .messages()
      .map(({ from }) => from),
    users: [await userOf('/who'), await userOf('/agora/token')],
    head: (await ask('/who', 'HEAD')).statusCode,
    // Without a signature nobody gets in.
    stranger: (await app.inject({ method: 'POST', url: '/lobby' })).statusCode,
  }
}

const alice: Seen = { sent: 200, senders: ['alice'], users: ['alice', 'alice'], head: 200, stranger: 401 }

describe.each(signIns)('a user who signs in with @fastify/jwt at %s of the route', (_, signIn) => {
  describe.each(callbacks)('and is found %s', (__, userId) => {
    const options = (): AgoraSignalingPluginOptions => ({ ...optionsFor(emulator()), userId })

    test('is the sender, where the plugin is registered before the routes', async () => {
      const app = await open(async (site) => {
        await site.register(agoraSignaling, options())
        addRoutes(site, signIn)
      })
      expect(await seenBy(app)).toEqual(alice)
    })

    test('is the sender in a scope within', async () => {
      const app = await open(async (site) => {
        await site.register(agoraSignaling, options())
        await site.register(async (scope) => addRoutes(scope, signIn))
      })
      expect(await seenBy(app)).toEqual(alice)
    })
  })

  test('is the sender where register() is not awaited, and the user is found at once', async () => {
    const app = await open(async (site) => {
      void site.register(agoraSignaling, {
        ...optionsFor(emulator()),
        userId: (request) => request.user.id,
      })
      addRoutes(site, signIn)
    })
    expect(await seenBy(app)).toEqual(alice)
  })

  test('has the client of the user’s tenant', async () => {
    const optionsOfTenant = vi.fn<(key: string) => Promise<ReturnType<typeof optionsFor>>>(async () =>
      Promise.resolve(optionsFor(emulator())),
    )
    const app = await open(async (site) => {
      await site.register(agoraSignaling, {
        userId: (request) => request.user.id,
        tenant: { key: (request) => `tenant of ${request.user.id}`, options: optionsOfTenant },
      })
      addRoutes(site, signIn)
    })
    expect(await seenBy(app)).toEqual(alice)
    expect(optionsOfTenant.mock.calls).toEqual([['tenant of alice']])
  })
})

test.each(signIns.slice(0, 3))(
  'where register() is not awaited and the user is found after a while, it is the sender with %s',
  async (_, signIn) => {
    const app = await open(async (site) => {
      void site.register(agoraSignaling, {
        ...optionsFor(emulator()),
        userId: async (request) => Promise.resolve(request.user.id),
      })
      addRoutes(site, signIn)
    })
    expect(await seenBy(app)).toEqual(alice)
  },
)

test('the callback is asked once for a request, also when hooks of the route use the client', async () => {
  const userId = vi.fn<(request: FastifyRequest) => Promise<string>>(async () => Promise.resolve('alice'))
  const app = await open(async (site) => {
    await site.register(agoraSignaling, { ...optionsFor(emulator()), userId })
    addRoutes(site, {})
  })
  expect((await app.inject('/who')).json()).toEqual({ userId: 'alice' })
  expect(userId).toHaveBeenCalledTimes(1)
})

test('a hook that asks too early does not decide who the user is', async () => {
  const app = await open(async (site) => {
    await site.register(agoraSignaling, {
      ...optionsFor(emulator()),
      userId: (request) => (request.headers['x-signed-in'] === 'yes' ? 'alice' : undefined),
    })
    site.addHook('onRequest', async (request) => {
      expect(request.agora.userId).toBeUndefined()
    })
    addRoutes(site, {
      preHandler: async (request) => {
        request.headers['x-signed-in'] = 'yes'
      },
    })
  })
  expect((await app.inject('/who')).json()).toEqual({ userId: 'alice' })
})

test('where register() is not awaited, nobody before preHandler may be somebody in the handler', async () => {
  const app = await open(async (site) => {
    void site.register(agoraSignaling, {
      ...optionsFor(emulator()),
      userId: (request) => (request.headers['x-signed-in'] === 'yes' ? 'alice' : undefined),
    })
    addRoutes(site, {
      preHandler: async (request) => {
        request.headers['x-signed-in'] = 'yes'
      },
    })
  })
  expect((await app.inject('/who')).json()).toEqual({ userId: 'alice' })
})

test('a hook that asks too early for a user who is found after a while is told so', async () => {
  const app = await open(async (site) => {
    await site.register(agoraSignaling, {
      ...optionsFor(emulator()),
      userId: async () => Promise.reject(new Error('Nobody waits for this.')),
    })
    site.get('/', { onRequest: async ({ agora }) => void agora.userId }, async () => ({}))
    site.setErrorHandler((error, _request, reply) => reply.code(500).send({ told: String(error) }))
  })
  expect((await app.inject('/')).json()).toEqual({
    told: matching(/not there yet/),
  })
})
