import { Readable } from 'node:stream'
import {
  createNotificationEndpoint,
  nodeBody,
  readRawBody,
  refuseUncalled,
} from '@agora-signaling/core/adapter'
import type { NotificationLogger, NotificationRouteOptions } from '@agora-signaling/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeAnswer } from './write-answer.js'

/** A route's options, its handler among them: what `app.post(path, …)` takes. */
export interface NotificationRoute {
  /** Keeps the exact bytes of the body before Fastify parses it. */
  readonly preParsing: (request: FastifyRequest) => Promise<Readable>
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>
}

const fix =
  'Give app.post() everything that notificationRoute() returns, and let no preParsing hook before it read the body.'

/**
 * Receives Agora's notifications (webhooks): checks the signature, drops duplicates, and answers when your handler is
 * done. It needs no `agoraSignaling`, and no content-type parser of its own.
 *
 * What Fastify refuses before (a body that is no JSON, or larger than `bodyLimit`) does not get here.
 *
 * @example
 * app.post('/agora/notifications', notificationRoute({ onNotification: (notification) => queue.add(notification) }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler.
 * @see https://docs.agora.io/en/video-calling/advanced-features/receive-notifications
 */
export function notificationRoute(options: NotificationRouteOptions): NotificationRoute {
  refuseUncalled("app.post('/agora/notifications', notificationRoute({ onNotification: … }))", options)
  const endpoint = createNotificationEndpoint(options)
  const rawBodies = new WeakMap<FastifyRequest, Promise<Uint8Array | string>>()
  return {
    preParsing: async (request) => {
      const rawBody = readRawBody(nodeBody(request.raw, { fix }))
      rawBodies.set(request, rawBody)
      // When the body cannot be read, the handler reports it. Until then the parser gets something to parse.
      const payload = Readable.from([await rawBody.catch(() => '{}')], { objectMode: false })
      return Object.assign(payload, { receivedEncodedLength: Number(request.headers['content-length']) })
    },
    handler: async (request, reply) => {
      const answer = await endpoint({
        method: request.method,
        headers: request.headers,
        // Without preParsing, a content-type parser of the application's may have left the bytes as the body.
        readRawBody: () =>
          rawBodies.get(request) ?? readRawBody(nodeBody(request.raw, { kept: [request.body], fix })),
        logger: loggerOf(request),
      })
      return writeAnswer(reply, answer)
    },
  }
}

/** The logger of Fastify, which adds the ID of the request. */
function loggerOf({ log }: FastifyRequest): NotificationLogger {
  return {
    warn: (message) => log.warn(message),
    error: (message, details) => log.error({ err: details?.error }, message),
  }
}
