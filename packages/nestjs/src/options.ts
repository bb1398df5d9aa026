import type {
  AgoraSignalingOptions,
  NotificationRouteOptions,
  TokenRouteOptions,
} from '@agora-signaling/core/adapter'
import type { ConfigurableModuleAsyncOptions, MiddlewareConsumer } from '@nestjs/common'

/** What `userId` and `tenant` see of a request, unless they say what they expect: `(req: Request) => …`. */
export interface AgoraRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whatever the application's guard put there. */
  readonly user?: { readonly id?: string; readonly sub?: string; readonly [claim: string]: unknown }
}

/** What a factory gives: how to authenticate, and what the routes do. */
export type AgoraModuleOptions<HostRequest = AgoraRequest> = AgoraSignalingOptions<HostRequest> & {
  readonly tokenRoute?: TokenRouteOptions<HostRequest> | undefined
  readonly notificationRoute?: NotificationRouteOptions | undefined
}

/** Where a route is. */
export interface AgoraRoutePlacement {
  /** Its path, after the application's global prefix. */
  readonly path: string
  /** Decorators of its controller: `UseGuards(SessionGuard)`, or the application's own `Public()`. */
  readonly decorators?: readonly ClassDecorator[] | undefined
}

type Mount = ReturnType<MiddlewareConsumer['apply']>

/** What has to be known before a factory runs: a name, and places in the application. */
export interface AgoraModulePlacement {
  /** Tells several clients apart: `@InjectAgora(name)`, `@Agora(name)`. Default: none. */
  readonly name?: string | undefined
  /** Whether modules that do not import this one can inject the client. Default `true`. */
  readonly isGlobal?: boolean | undefined
  /** Routes that have `@Agora()`, as for any middleware. Default: all. */
  readonly forRoutes?: readonly Parameters<Mount['forRoutes']>[number][] | undefined
  /** Routes that do not. Default: none. */
  readonly exclude?: readonly Parameters<Mount['exclude']>[number][] | undefined
  /** Where front ends get tokens. Default: nowhere. */
  readonly tokenRoute?: AgoraRoutePlacement | undefined
  /** Where Agora's notifications arrive. Default: nowhere. */
  readonly notificationRoute?: AgoraRoutePlacement | undefined
}

/** Options of `AgoraSignalingModule.forRoot()`. Without any, everything comes from the environment. */
export type AgoraRootOptions<HostRequest = AgoraRequest> = AgoraModuleOptions<HostRequest> &
  AgoraModulePlacement

/** Options of `AgoraSignalingModule.forRootAsync()`: `useFactory`, `useClass` or `useExisting`, and the placement. */
export type AgoraRootAsyncOptions<HostRequest = AgoraRequest> = AgoraModulePlacement &
  ConfigurableModuleAsyncOptions<AgoraModuleOptions<HostRequest>, 'createAgoraOptions'>
