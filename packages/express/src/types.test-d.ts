import express from 'express'
import type { Request, RequestHandler } from 'express'
import { expectTypeOf } from 'vitest'
import { agoraErrorHandler, agoraSignaling, getAgora, notificationRoute, tokenRoute } from './index.js'
import type { AgoraSignalingHandler, AgoraSignalingOptions, SignalingClient } from './index.js'

const app = express()

// The client on a request has its own type, and not `any`.
app.get('/rooms/:room', (req) => {
  expectTypeOf(req.agora).toEqualTypeOf<SignalingClient>()
  expectTypeOf(req.agora).not.toBeAny()
  expectTypeOf(getAgora(req)).toEqualTypeOf<SignalingClient>()
})

// A request with type parameters of its own is a request.
declare const typedRequest: Request<{ room: string }, { ok: boolean }, { text: string }, { dry: string }>
expectTypeOf(getAgora(typedRequest)).toEqualTypeOf<SignalingClient>()
// @ts-expect-error -- what is no request has no client
getAgora({ headers: {} })

// Callbacks see Express's request and may take their time.
expectTypeOf(agoraSignaling).returns.toEqualTypeOf<AgoraSignalingHandler>()
agoraSignaling({ userId: (req) => req.get('x-user') })
agoraSignaling({ userId: (req) => Promise.resolve(req.get('x-user')) })
agoraSignaling({ userId: 'server' })
agoraSignaling({
  tenant: {
    key: (req) => req.hostname,
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
agoraSignaling({ client: typedRequest.agora, appId: 'id' })

expectTypeOf<AgoraSignalingOptions<Request>>().not.toBeAny()
expectTypeOf(
  tokenRoute({ userId: (req) => req.get('x-user'), ttlSeconds: () => 60 }),
).toEqualTypeOf<RequestHandler>()
// @ts-expect-error -- a route cannot take its user from a fixed value: every caller would get that user's token
tokenRoute({ userId: 'alice' })

expectTypeOf(notificationRoute({ onNotification: () => {} })).toEqualTypeOf<RequestHandler>()
// @ts-expect-error -- a notification that nobody handles is lost
notificationRoute({})

app.use(agoraSignaling(), agoraErrorHandler({ onError: (error) => expectTypeOf(error).toBeUnknown() }))
