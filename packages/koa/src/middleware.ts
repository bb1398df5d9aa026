import {
  callerLifetime,
  createClientContext,
  explainAbsence,
  refuseUncalled,
  toHttpError,
} from '@agora-signaling/core/adapter'
import type { AgoraSignalingOptions } from '@agora-signaling/core/adapter'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { lineToAdd } from './accessor.js'
import { writeAnswer } from './write-answer.js'

/** The middleware, and the way to close what it opened. */
export interface AgoraSignalingMiddleware extends Middleware {
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
 * Attaches an authenticated Signaling client to every context, as `ctx.agora`, and answers the errors of Agora calls
 * with JSON: `{ code, message }`.
 *
 * Without options everything comes from the environment; mistakes are thrown here, at start-up. A client is made once,
 * or once for each tenant; a request costs a view of it.
 *
 * Agora refusing the server's credentials becomes 502 and never 401; a quota refusal becomes 503 with `Retry-After`.
 * An error that is answered with 500 or more is emitted on the application as `error`, as Koa does. Other errors pass
 * through. To answer differently, catch the error in a middleware after this one.
 *
 * @example
 * app.use(agoraSignaling({ userId: (ctx) => ctx.state.user?.id }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export function agoraSignaling(options: AgoraSignalingOptions<Context> = {}): AgoraSignalingMiddleware {
  refuseUncalled(lineToAdd, options)
  explainAbsence(commonContext(), 'agora', lineToAdd)
  const context = createClientContext(options)
  const attachClient: Middleware = async (ctx, next) => {
    try {
      const client = context.clientFor(ctx, callerLifetime(ctx.res))
      // Awaiting what is there already would cost every request a turn.
      ctx.agora = client instanceof Promise ? await client : client
      await next()
    } catch (error) {
      answerError(ctx, error)
    }
  }
  return Object.assign(attachClient, {
    close: () => context.close(),
    forgetTenant: (key: string) => context.forgetTenant(key),
  })
}

/** What the contexts of all applications inherit from. */
function commonContext(): object {
  const { context } = new Koa()
  const common: unknown = Object.getPrototypeOf(context)
  return typeof common === 'object' && common !== null ? common : {}
}

function answerError(ctx: Context, error: unknown): void {
  const answer = toHttpError(error)
  // An answer that has begun, or that is written around Koa, cannot be replaced.
  if (answer === undefined || ctx.headerSent || ctx.respond === false) {
    // Koa would leave the caller waiting for ever if nothing were thrown, as a route may do.
    throw error ?? new Error('A middleware threw no error.')
  }
  if (answer.isFault) ctx.app.emit('error', error, ctx)
  writeAnswer(ctx, answer)
}
