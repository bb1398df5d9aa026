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

/** The middleware, with functions to close it and to forget a tenant. */
export interface AgoraSignalingMiddleware extends MiddlewareHandler<AgoraSignalingEnv> {
  /**
   * Waits for the calls under way, then closes the connections to Agora. Call it once the server has stopped taking
   * requests. A client that was handed in as `client` stays open.
   */
  close(): Promise<void>
  /**
   * Forgets the client of a tenant. Its next request loads the options again. Call it when the credentials of the tenant have
   * changed. Requests under way keep the client they have.
   */
  forgetTenant(key: string): void
}

/**
 * Attaches an authenticated Signaling client to every context, as `c.var.agora`.
 *
 * Without options everything comes from the environment. Mistakes are thrown here, at start-up. A client is made once, or
 * once for each tenant. Each request gets a view of it, which is cheap.
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
