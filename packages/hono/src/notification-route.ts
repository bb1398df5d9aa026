import { createNotificationEndpoint } from '@agora-signaling/core/internal'
import type { NotificationRouteOptions } from '@agora-signaling/core/internal'
import type { Context } from 'hono'
import { rawBodyOf } from './raw-body.js'
import { writeAnswer } from './write-answer.js'

/**
 * Receives Agora's notifications (webhooks): checks the signature, drops duplicates, and answers when your handler is
 * done. It needs no `agoraSignaling()`.
 *
 * @example
 * app.post('/agora/notifications', notificationRoute({ onNotification: (notification) => queue.add(notification) }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler.
 * @see https://docs.agora.io/en/video-calling/advanced-features/receive-notifications
 */
export function notificationRoute(options: NotificationRouteOptions): (c: Context) => Promise<Response> {
  const endpoint = createNotificationEndpoint(options)
  return async (c) => {
    const { method, raw } = c.req
    const answer = await endpoint({ method, headers: raw.headers, readRawBody: () => rawBodyOf(c) })
    return writeAnswer(c, answer)
  }
}
