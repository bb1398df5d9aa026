import type { SignalingClient } from '@agora-signaling/core'
import { requireAttached } from '@agora-signaling/core/adapter'
import type { Context } from 'hono'

export const lineToAdd = 'app.use(agoraSignaling())'

/**
 * The client that `agoraSignaling()` attached to a context: `c.var.agora`, checked. Of use where the type of the
 * context does not know of it.
 *
 * @param c Any Hono context, whatever its type parameters.
 *
 * @example
 * const { requestId } = await getAgora(c).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` with the line to add, when the middleware did not run before.
 */
export function getAgora(c: Context): SignalingClient {
  return requireAttached(c.get('agora'), lineToAdd)
}
