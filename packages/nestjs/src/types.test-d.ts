import type { IncomingMessage } from 'node:http'
import type { DynamicModule } from '@nestjs/common'
import { expectTypeOf } from 'vitest'
import { Agora, AgoraSignalingModule, createSignalingClient, getAgoraToken, InjectAgora } from './index.js'
import type { AgoraModuleOptions, AgoraRequest, AgoraRootOptions } from './index.js'

// Callbacks see what every request has, and what guards put on it, without a type of their own.
AgoraSignalingModule.forRoot({
  userId: (req) => {
    expectTypeOf(req).toEqualTypeOf<AgoraRequest>()
    expectTypeOf(req).not.toBeAny()
    expectTypeOf(req.user?.id).toEqualTypeOf<string | undefined>()
    return req.user?.id
  },
})
AgoraSignalingModule.forRoot({ userId: (req) => Promise.resolve(req.user?.sub) })
AgoraSignalingModule.forRoot({
  tenant: {
    key: (req) => req.url,
    options: (appId) => ({ appId, customerId: 'id', customerSecret: 'secret' }),
  },
})
AgoraSignalingModule.forRootAsync({ useFactory: () => ({ userId: (req) => req.user?.id }) })
// @ts-expect-error -- what a guard puts there besides has to be looked at
AgoraSignalingModule.forRoot({ userId: (req) => req.user?.['email'] })

// They may say which request they expect.
interface Session extends IncomingMessage {
  session?: { userId: string }
}
AgoraSignalingModule.forRoot({ userId: (req: Session) => req.session?.userId })
AgoraSignalingModule.forRoot<Session>({ userId: (req) => req.session?.userId })
AgoraSignalingModule.forRootAsync<Session>({ useFactory: () => ({ userId: (req) => req.session?.userId }) })
AgoraSignalingModule.forRoot({ tokenRoute: { path: 'token', userId: (req: Session) => req.session?.userId } })

expectTypeOf(AgoraSignalingModule.forRoot()).toEqualTypeOf<DynamicModule>()
expectTypeOf<AgoraRootOptions>().not.toBeAny()
expectTypeOf<AgoraModuleOptions>().not.toBeAny()
expectTypeOf(getAgoraToken('chat')).toEqualTypeOf<symbol>()
expectTypeOf(InjectAgora()).toExtend<ParameterDecorator>()
expectTypeOf(Agora('chat')).toExtend<ParameterDecorator>()

// @ts-expect-error -- a user ID is text
AgoraSignalingModule.forRoot({ userId: () => 42 })
// @ts-expect-error -- two ways to authenticate
AgoraSignalingModule.forRoot({ customerId: 'id', customerSecret: 'secret', token: '007' })
// @ts-expect-error -- a client brings its own credentials
AgoraSignalingModule.forRoot({ client: createSignalingClient(), appId: 'id' })
// @ts-expect-error -- a route is somewhere
AgoraSignalingModule.forRoot({ tokenRoute: { ttlSeconds: 60 } })
// @ts-expect-error -- a notification has to be handled
AgoraSignalingModule.forRoot({ notificationRoute: { path: 'notifications' } })
// @ts-expect-error -- where a route is cannot come from a factory
AgoraSignalingModule.forRootAsync({ useFactory: () => ({ tokenRoute: { path: 'token' } }) })
// @ts-expect-error -- a client's name is text
Agora(1)
