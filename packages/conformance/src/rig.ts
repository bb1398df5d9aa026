import type { Server } from 'node:http'
import type { SignalingClient } from '@agora-signaling/core'
import type {
  AgoraSignalingOptions,
  NotificationRouteOptions,
  TokenRouteOptions,
} from '@agora-signaling/core/adapter'

/** A framework with its adapter, as the suite drives it. */
export interface Rig {
  /**
   * What a body parser of the framework leaves of the exact bytes when it runs before the notification route: the
   * route then has to work, or to fail loudly.
   */
  readonly bodyParser: 'keeps the bytes' | 'loses the bytes'
  /**
   * Opens the site that a plan describes, on a free port of 127.0.0.1. Resolves when it listens; rejects when the
   * adapter refuses to start.
   */
  readonly open: (plan: SitePlan) => Promise<RunningSite>
}

/** A site that listens. */
export interface RunningSite {
  readonly server: Server
  /** Forgets a tenant, as the adapter's documentation says, in every mount. */
  readonly forgetTenant: (key: string) => void
  /** Shuts down as the adapter's documentation says: first the server, then what the adapter opened. */
  readonly close: () => Promise<void>
}

/** What a site has. Whatever is absent is not there. */
export interface SitePlan {
  /** A body parser for JSON, before everything else. */
  readonly parsesBodies: boolean
  /** `agoraSignaling()`, in this order, before the routes. */
  readonly mounts: readonly Mount[]
  /** Routes of the application. They answer every method. */
  readonly routes: readonly Route[]
  readonly tokenRoute?: { readonly path: string; readonly options: TokenRouteOptions<Caller> }
  readonly notificationRoute?: { readonly path: string; readonly options: NotificationRouteOptions }
  /** Told of every error that the adapter reports as a fault of the server, with the framework's means. */
  readonly onReport: (error: unknown) => void
  /** Told of every error that reaches the application's own error handler, which answers with {@link teapot}. */
  readonly onOtherError: (error: unknown) => void
  /**
   * Whether the application has error handlers: its own, and the adapter's where it has one to mount. Without, the
   * framework answers as it does by default.
   */
  readonly handlesErrors: boolean
}

/** One `agoraSignaling()`. */
export interface Mount {
  /** `/api` for what is below it; absent for everything. */
  readonly prefix?: string
  readonly options: AgoraSignalingOptions<Caller>
}

/** What the callbacks of a plan see of a request, whatever the framework calls it. */
export interface Caller {
  readonly header: (name: string) => string | undefined
}

/** A route of the application. */
export interface Route {
  readonly path: string
  /** What it gives is the answer, as JSON. What it throws goes where the framework's errors go. */
  readonly handle: (call: RouteCall) => unknown
}

/** One call of a route. */
export interface RouteCall {
  /** What stands where the adapter puts the client: `req.agora`, `ctx.agora`. Where nothing stands, it may throw. */
  readonly attached: () => unknown
  /** The adapter's accessor: `getAgora(req)`. */
  readonly getAgora: () => SignalingClient
  /** Sets a header of the answer. */
  readonly setHeader: (name: string, value: string) => void
}
