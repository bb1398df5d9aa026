import {
  createNotificationEndpoint,
  loggerOfClient,
  nodeBody,
  readRawBody,
  refuseUncalled,
} from '@agora-signaling/core/adapter'
import type { NotificationRouteOptions } from '@agora-signaling/core/adapter'
import type { Middleware, Request } from 'koa'
import { writeAnswer } from './write-answer.js'

const fix =
  'Mount the notification route before the body parser, or use @koa/bodyparser, which keeps the bytes.'

/** What a body parser may leave. `@koa/bodyparser` keeps the text as `rawBody`. */
type ParsedRequest = Request & { readonly rawBody?: unknown; readonly body?: unknown }

/**
 * Receives Agora's notifications (webhooks): checks the signature, drops duplicates, and answers when your handler is
 * done. It needs no `agoraSignaling()`.
 *
 * The signature covers the exact bytes of the body. Mount the route before a body parser, or use `@koa/bodyparser`,
 * which keeps them.
 *
 * @example
 * router.post('/agora/notifications', notificationRoute({ onNotification: (notification) => queue.add(notification) }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler.
 * @see https://docs.agora.io/en/video-calling/advanced-features/receive-notifications
 */
export function notificationRoute(options: NotificationRouteOptions): Middleware {
  refuseUncalled("router.post('/agora/notifications', notificationRoute({ onNotification: … }))", options)
  const endpoint = createNotificationEndpoint(options)
  return async (ctx) => {
    const { rawBody, body }: ParsedRequest = ctx.request
    const answer = await endpoint({
      method: ctx.method,
      headers: ctx.headers,
      readRawBody: () => readRawBody(nodeBody(ctx.req, { kept: [rawBody, body], fix })),
      logger: loggerOfClient(() => ctx['agora']),
    })
    writeAnswer(ctx, answer)
  }
}
