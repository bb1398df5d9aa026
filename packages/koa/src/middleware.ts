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

/** The middleware, with functions to close it and to forget a tenant. */
export interface AgoraSignalingMiddleware extends Middleware {
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
 * Attaches an authenticated Signaling client to every context, as `ctx.agora`, and answers the errors of Agora calls
 * with JSON: `{ code, message }`.
 *
 * Without options everything comes from the environment. Mistakes are thrown here, at start-up. A client is made once, or
 * once for each tenant. Each request gets a view of it, which is cheap.
 *
 * When Agora refuses the server's credentials, the caller gets 502 and never 401. When a quota is used up, the caller gets 503
 * with `Retry-After`.
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
      // An `await` of a client that is there already would cost every request a turn of the event loop.
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
    // A route may throw `undefined`. Koa would then never answer the caller.
    throw error ?? new Error('A middleware threw no error.')
  }
  if (answer.isFault) ctx.app.emit('error', error, ctx)
  writeAnswer(ctx, answer)
}
