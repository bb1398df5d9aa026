import fastify from 'fastify'
import type { FastifyTypeProvider } from 'fastify'
import { expectTypeOf } from 'vitest'
import { agoraErrorHandler, agoraSignaling, getAgora, notificationRoute, tokenRoute } from './index.js'
import type { AgoraSignalingPluginOptions, AgoraSignalingScope, SignalingClient } from './index.js'

const app = fastify()

// The client on a request has its own type, and not `any`.
app.get<{ Params: { room: string } }>('/rooms/:room', (request) => {
  expectTypeOf(request.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(request.agora).not.toBeAny()
  expectTypeOf(getAgora(request)).toEqualTypeOf<SignalingClient>()
})
// @ts-expect-error -- what is no request has no client
getAgora({ headers: {} })

// Callbacks see Fastify's request and may take their time.
await app.register(agoraSignaling)
await app.register(agoraSignaling, { userId: (request) => request.headers['x-user']?.toString() })
await app.register(agoraSignaling, { userId: async (request) => Promise.resolve(request.id) })
await app.register(agoraSignaling, { userId: 'server', prefix: '/api' })
await app.register(agoraSignaling, {
  tenant: {
    key: (request) => request.hostname,
    options: (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }),
  },
})
await app.register(agoraSignaling, {
  tenant: {
    key: async () => undefined,
    options: async (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }),
    max: 10,
  },
})
// @ts-expect-error -- a user ID is text
await app.register(agoraSignaling, { userId: () => 42 })
// @ts-expect-error -- two ways to authenticate
await app.register(agoraSignaling, { customerId: 'id', customerSecret: 'secret', token: '007' })

expectTypeOf(app.agora).toEqualTypeOf<AgoraSignalingScope>()
declare const options: AgoraSignalingPluginOptions
expectTypeOf(options).not.toBeAny()
await app.register(agoraSignaling, options)
app.get('/agora/token', tokenRoute({ userId: (request) => request.id, ttlSeconds: () => 60 }))
app.route({ method: ['GET', 'POST'], url: '/agora/token', handler: tokenRoute() })
// @ts-expect-error -- a route cannot take its user from a fixed value: every caller would get that user's token
tokenRoute({ userId: 'alice' })

app.post('/agora/notifications', notificationRoute({ onNotification: () => {} }))
app.route({ method: 'POST', url: '/agora/notifications', ...notificationRoute({ onNotification: () => {} }) })

app.setErrorHandler(agoraErrorHandler())
app.setErrorHandler((error, request, reply) => agoraErrorHandler()(error, request, reply))

// The same with types made from schemas.
interface Schemas extends FastifyTypeProvider {
  readonly validator: this['schema']
  readonly serializer: this['schema']
}
const typed = fastify().withTypeProvider<Schemas>()
await typed.register(agoraSignaling, { userId: (request) => request.id })
typed.get('/agora/token', tokenRoute())
typed.post('/agora/notifications', notificationRoute({ onNotification: () => {} }))
typed.setErrorHandler(agoraErrorHandler())
typed.get('/me', (request) => expectTypeOf(getAgora(request)).toEqualTypeOf<SignalingClient>())
