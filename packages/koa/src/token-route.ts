import { createTokenEndpoint, refuseUncalled } from '@agora-signaling/core/adapter'
import type { TokenRouteOptions } from '@agora-signaling/core/adapter'
import type { Context, Middleware } from 'koa'
import { getAgora } from './accessor.js'
import { writeAnswer } from './write-answer.js'

/**
 * Answers with a token for the front end of the signed-in user: `{ token, userId, appId, expiresAt }`.
 *
 * The user comes from the `userId` callback here or of `agoraSignaling()`, never from the request itself. Without a
 * user the answer is 401.
 *
 * @example
 * router.get('/agora/token', tokenRoute())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when an option is misspelt, of a wrong type or out of range.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function tokenRoute(options: TokenRouteOptions<Context> = {}): Middleware {
  refuseUncalled("router.get('/agora/token', tokenRoute())", options)
  const endpoint = createTokenEndpoint(options)
  return async (ctx) => {
    writeAnswer(ctx, await endpoint({ method: ctx.method, hostRequest: ctx, client: getAgora(ctx) }))
  }
}
