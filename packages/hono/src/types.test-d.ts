import { Hono } from 'hono'
import type { Context } from 'hono'
import { expectTypeOf } from 'vitest'
import { agoraErrorHandler, agoraSignaling, getAgora, notificationRoute, tokenRoute } from './index.js'
import type {
  AgoraSignalingEnv,
  AgoraSignalingMiddleware,
  AgoraSignalingOptions,
  SignalingClient,
} from './index.js'

// The middleware brings the type of c.var.agora along, and it is not `any`: in a chain …
new Hono().use(agoraSignaling()).get('/', (c) => {
  expectTypeOf(c.var.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(c.var.agora).not.toBeAny()
  expectTypeOf(c.get('agora')).toEqualTypeOf<SignalingClient>()
  return c.body(null)
})

// … in front of a route …
new Hono().get('/rooms/:room', agoraSignaling(), (c) => {
  expectTypeOf(c.var.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(c.req.param('room')).toEqualTypeOf<string>()
  return c.body(null)
})

// … and with what an application has of its own.
const app = new Hono<AgoraSignalingEnv & { Variables: { session: { userId: string } } }>()
app.use(agoraSignaling())
app.get('/', (c) => {
  expectTypeOf(c.var.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(c.var.session).toEqualTypeOf<{ userId: string }>()
  expectTypeOf(getAgora(c)).toEqualTypeOf<SignalingClient>()
  return c.body(null)
})

// Without it there is no such variable, and getAgora() takes any context.
new Hono().get('/', (c) => {
  // @ts-expect-error -- nothing has put it there
  void c.var.agora
  expectTypeOf(getAgora(c)).toEqualTypeOf<SignalingClient>()
  return c.body(null)
})
// @ts-expect-error -- what is no context has no client
getAgora({ headers: {} })

// Callbacks see Hono's context and may take their time.
expectTypeOf(agoraSignaling).returns.toEqualTypeOf<AgoraSignalingMiddleware>()
agoraSignaling({ userId: (c) => c.req.header('x-user') })
agoraSignaling({ userId: async (c) => Promise.resolve(c.req.header('x-user')) })
agoraSignaling({ userId: 'server' })
agoraSignaling({
  tenant: { key: () => 'id', options: (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }) },
})
agoraSignaling({
  tenant: {
    key: async () => undefined,
    options: async (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }),
    max: 10,
  },
})
// @ts-expect-error -- a user ID is text
agoraSignaling({ userId: () => 42 })
// @ts-expect-error -- two ways to authenticate
agoraSignaling({ customerId: 'id', customerSecret: 'secret', token: '007' })
expectTypeOf<AgoraSignalingOptions<Context>>().not.toBeAny()

app.get('/agora/token', tokenRoute({ userId: (c) => c.req.header('x-user'), ttlSeconds: () => 60 }))
// @ts-expect-error -- a route cannot take its user from a fixed value: every caller would get that user's token
tokenRoute({ userId: 'alice' })
app.post('/agora/notifications', notificationRoute({ onNotification: () => {} }))
app.onError(agoraErrorHandler({ onError: (error) => expectTypeOf(error).toBeUnknown() }))
