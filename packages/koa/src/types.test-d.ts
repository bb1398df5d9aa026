import { Router } from '@koa/router'
import Koa from 'koa'
import type { Context, Middleware, ParameterizedContext } from 'koa'
import { expectTypeOf } from 'vitest'
import { agoraSignaling, getAgora, notificationRoute, tokenRoute } from './index.js'
import type { AgoraSignalingMiddleware, AgoraSignalingOptions, SignalingClient } from './index.js'

const app = new Koa()
const router = new Router()

// The client on a context has its own type, and not `any`.
app.use((ctx) => {
  expectTypeOf(ctx.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(ctx.agora).not.toBeAny()
  expectTypeOf(getAgora(ctx)).toEqualTypeOf<SignalingClient>()
})
router.get('/rooms/:room', (ctx) => {
  expectTypeOf(ctx.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(getAgora(ctx)).toEqualTypeOf<SignalingClient>()
})

// A context with type parameters of its own is a context.
declare const typedContext: ParameterizedContext<{ user: string }, { session: string }, { ok: boolean }>
expectTypeOf(typedContext.agora).toEqualTypeOf<SignalingClient>()
expectTypeOf(getAgora(typedContext)).toEqualTypeOf<SignalingClient>()
// @ts-expect-error -- what is no context has no client
getAgora({ headers: {} })

// Callbacks see Koa's context and may take their time.
expectTypeOf(agoraSignaling).returns.toEqualTypeOf<AgoraSignalingMiddleware>()
agoraSignaling({ userId: (ctx) => ctx.get('x-user') })
agoraSignaling({ userId: async (ctx) => Promise.resolve(ctx.get('x-user')) })
agoraSignaling({ userId: 'server' })
agoraSignaling({
  tenant: {
    key: (ctx) => ctx.hostname,
    options: (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }),
  },
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
// @ts-expect-error -- a client brings its own credentials
agoraSignaling({ client: typedContext.agora, appId: 'id' })
expectTypeOf<AgoraSignalingOptions<Context>>().not.toBeAny()

expectTypeOf(
  tokenRoute({ userId: (ctx) => ctx.get('x-user'), ttlSeconds: () => 60 }),
).toEqualTypeOf<Middleware>()
// @ts-expect-error -- a route cannot take its user from a fixed value: every caller would get that user's token
tokenRoute({ userId: 'alice' })

// Everything goes where middleware goes, also into an application with types of its own.
app.use(agoraSignaling())
router.get('/agora/token', tokenRoute())
router.post('/agora/notifications', notificationRoute({ onNotification: () => {} }))
const typedApp = new Koa<{ user?: { id: string } }>()
typedApp.use(agoraSignaling({ userId: (ctx) => ctx.get('x-user') }))
typedApp.use(tokenRoute())
