import type { SignalingClient } from '@agora-signaling/core'
import { requireAttached } from '@agora-signaling/core/adapter'
import type { ExtendableContext } from 'koa'

export const lineToAdd = 'app.use(agoraSignaling())'

/**
 * The client that `agoraSignaling()` attached to a context: `ctx.agora`, checked.
 *
 * @param ctx Any Koa context, whatever its type parameters.
 *
 * @example
 * const { requestId } = await getAgora(ctx).messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` with the line to add, when the middleware did not run before.
 */
export function getAgora(ctx: ExtendableContext): SignalingClient {
  return requireAttached(ctx.agora, lineToAdd)
}
