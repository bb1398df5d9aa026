import {
  createNotificationEndpoint,
  loggerOfClient,
  readRawBody,
  refuseUncalled,
} from '@agora-signaling/core/adapter'
import type { NotificationRouteOptions } from '@agora-signaling/core/adapter'
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
  refuseUncalled("app.post('/agora/notifications', notificationRoute({ onNotification: … }))", options)
  const endpoint = createNotificationEndpoint(options)
  return async (c) => {
    const { method, raw } = c.req
    const answer = await endpoint({
      method,
      headers: raw.headers,
      readRawBody: () => rawBodyOf(c),
      logger: loggerOfClient(() => c.get('agora')),
    })
    return writeAnswer(c, answer)
  }
}

async function rawBodyOf(c: Context): Promise<Uint8Array | string> {
  const { body, bodyUsed } = c.req.raw
  return readRawBody({
    kept: [await keptByHono(c)],
    isRead: bodyUsed,
    chunks: () => body?.values({ preventCancel: true }) ?? nothing(),
    fix: 'Mount the notification route before, or read the body with c.req.json() or c.req.text(), which keep the bytes.',
  })
}

/** What a middleware before has read through Hono, which keeps what it read. */
async function keptByHono({ req }: Context): Promise<Uint8Array | string | undefined> {
  if ('text' in req.bodyCache) return req.text()
  return 'arrayBuffer' in req.bodyCache ? new Uint8Array(await req.arrayBuffer()) : undefined
}

async function* nothing(): AsyncGenerator<never> {}
