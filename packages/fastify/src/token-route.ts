import { createTokenEndpoint, refuseUncalled } from '@agora-signaling/core/adapter'
import type { TokenRouteOptions } from '@agora-signaling/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getAgora } from './accessor.js'
import { writeAnswer } from './write-answer.js'

type TokenRoute = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Marks token routes without a callback of their own, also those of another copy of this package. */
const asksThePluginBrand: unique symbol = Symbol.for('@agora-signaling/fastify.asksThePlugin')

/** Whether a handler is a token route that needs to be told by the plugin who the user is. */
export function asksThePlugin(handler: object): boolean {
  return asksThePluginBrand in handler
}

/**
 * Answers with a token for the front end of the signed-in user: `{ token, userId, appId, expiresAt }`.
 *
 * The user comes from the `userId` callback here or of the plugin, never from the request itself. Without a user the
 * answer is 401.
 *
 * @example
 * app.get('/agora/token', tokenRoute())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when an option is misspelt, of a wrong type or out of range.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function tokenRoute(options: TokenRouteOptions<FastifyRequest> = {}): TokenRoute {
  refuseUncalled("app.get('/agora/token', tokenRoute())", options)
  const endpoint = createTokenEndpoint(options)
  const handler: TokenRoute = async (request, reply) => {
    const answer = await endpoint({ method: request.method, hostRequest: request, client: getAgora(request) })
    return writeAnswer(reply, answer)
  }
  if (options.userId === undefined) Object.defineProperty(handler, asksThePluginBrand, { value: true })
  return handler
}
