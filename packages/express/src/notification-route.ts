import {
  createNotificationEndpoint,
  loggerOfClient,
  nodeBody,
  readRawBody,
  refuseUncalled,
} from '@agora-signaling/core/adapter'
import type { NotificationRouteOptions } from '@agora-signaling/core/adapter'
import type { Request, RequestHandler } from 'express'
import { writeAnswer } from './write-answer.js'

/**
 * Receives Agora's notifications (webhooks): checks the signature, drops duplicates, and answers when your handler is
 * done. It needs no `agoraSignaling()`.
 *
 * The signature covers the exact bytes of the body. Mount the route before a body parser, or let the parser keep them
 * as `req.rawBody`.
 *
 * @example
 * app.post('/agora/notifications', notificationRoute({ onNotification: (notification) => queue.add(notification) }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler.
 * @see https://docs.agora.io/en/video-calling/advanced-features/receive-notifications
 */
export function notificationRoute(options: NotificationRouteOptions): RequestHandler {
  refuseUncalled("app.post('/agora/notifications', notificationRoute({ onNotification: … }))", options)
  const endpoint = createNotificationEndpoint(options)
  return (req, res, next) => {
    const answer = endpoint({
      method: req.method,
      headers: req.headers,
      readRawBody: () => readRawBody(nodeBody(req, { kept: [keptBytes(req), req.body], fix })),
      logger: loggerOfClient(() => req.agora),
    })
    // Express understands `next(undefined)` as success, and would try the next route.
    answer
      .then((ready) => writeAnswer(res, ready))
      .catch((error: unknown) => next(error ?? new Error('The notification route failed.')))
  }
}

const fix =
  'Mount the notification route before the body parser, or let its verify hook keep the bytes as req.rawBody.'

/** The bytes that the `verify` hook of a body parser or a serverless host has kept. */
function keptBytes(req: Request): unknown {
  return 'rawBody' in req ? req.rawBody : undefined
}
