import { createNotificationEndpoint, readRawBody } from '@agora-signaling/core/internal'
import type { NotificationRouteOptions } from '@agora-signaling/core/internal'
import type { Context } from 'hono'
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

/** The exact bytes, also when a middleware before has read them through Hono, which keeps what it read. */
async function rawBodyOf({ req }: Context): Promise<Uint8Array | string> {
  if ('text' in req.bodyCache) return req.text()
  if ('arrayBuffer' in req.bodyCache) return new Uint8Array(await req.arrayBuffer())
  const { body, bodyUsed } = req.raw
  if (body === null) return ''
  return readRawBody({
    isRead: bodyUsed,
    chunks: () => body.values({ preventCancel: true }),
    fix: 'Mount the notification route before, or read the body with c.req.json() or c.req.text(), which keep the bytes.',
  })
}
