import type { SignalingClient } from '@agora-signaling/core'
import { createClientContext, refuseUncalled } from '@agora-signaling/core/adapter'
import type { AgoraSignalingOptions } from '@agora-signaling/core/adapter'
import type { Context, MiddlewareHandler } from 'hono'
import { lineToAdd } from './accessor.js'

/** What the middleware adds to the environment of an application: `new Hono<AgoraSignalingEnv>()`. */
export interface AgoraSignalingEnv {
  Variables: {
    /** The Signaling client of this request. */
    agora: SignalingClient
  }
}

/** The middleware, and the way to close what it opened. */
export interface AgoraSignalingMiddleware extends MiddlewareHandler<AgoraSignalingEnv> {
  /**
   * Waits for the calls under way, then closes the connections to Agora. Call it once the server has stopped taking
   * requests. A client that was handed in as `client` stays open.
   */
  close(): Promise<void>
  /**
   * Loads the options of a tenant anew for its next request: call it when its credentials have changed. Requests that have
   * the tenant's client already go on with it.
   */
  forgetTenant(key: string): void
}

/**
 * Attaches an authenticated Signaling client to every context, as `c.var.agora`.
 *
 * Without options everything comes from the environment; mistakes are thrown here, at start-up. A client is made once,
 * or once for each tenant; a request costs a view of it.
 *
 * @example
 * const app = new Hono<AgoraSignalingEnv>()
 * app.use(agoraSignaling({ userId: (c) => c.get('session')?.userId }))
 * app.onError(agoraErrorHandler())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export function agoraSignaling(options: AgoraSignalingOptions<Context> = {}): AgoraSignalingMiddleware {
  refuseUncalled(lineToAdd, options)
  const context = createClientContext(options)
  const attachClient: MiddlewareHandler<AgoraSignalingEnv> = (c, next) => {
    const attach = (client: SignalingClient): Promise<void> => {
      c.set('agora', client)
      return next()
    }
    const client = context.clientFor(c, () => c.req.raw.signal)
    return client instanceof Promise ? client.then(attach) : attach(client)
  }
  return Object.assign(attachClient, {
    close: () => context.close(),
    forgetTenant: (key: string) => context.forgetTenant(key),
  })
}
