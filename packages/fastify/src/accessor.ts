import type { SignalingClient } from '@agora-signaling/core'
import { requireAttached } from '@agora-signaling/core/adapter'
import type { FastifyRequest } from 'fastify'

export const lineToAdd = 'await app.register(agoraSignaling)'

/**
 * The client that the plugin `agoraSignaling` attached to a request: `request.agora`, checked.
 *
 * @param request Any Fastify request, whatever its type parameters.
 *
 * @example
 * const { requestId } = await getAgora(request).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` with the line to add, when the plugin is not registered in this scope.
 */
export function getAgora(request: Pick<FastifyRequest, 'agora'>): SignalingClient {
  return requireAttached(request.agora, lineToAdd)
}
