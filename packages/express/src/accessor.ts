import type { SignalingClient } from '@agora-signaling/core'
import { requireAttached } from '@agora-signaling/core/adapter'

export const lineToAdd = 'app.use(agoraSignaling())'

/**
 * The client that `agoraSignaling()` attached to a request: `req.agora`, checked.
 *
 * @param req Any Express request, whatever its type parameters.
 *
 * @example
 * const { requestId } = await getAgora(req).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` with the line to add, when the middleware did not run before.
 */
export function getAgora(req: Express.Request): SignalingClient {
  return requireAttached(req.agora, lineToAdd)
}
