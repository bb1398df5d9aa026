import type { SignalingClient } from '@agora-signaling/core'
import { callerLifetime, createClientContext } from '@agora-signaling/core/internal'
import type { AgoraSignalingOptions } from '@agora-signaling/core/internal'
import type { Request, RequestHandler } from 'express'
import { answerErrorsNobodyAnswers } from './last-resort.js'

/** The middleware, and the way to close what it opened. */
export interface AgoraSignalingHandler extends RequestHandler {
  /**
   * Waits for the calls under way, then closes the connections to Agora. Call it once the server has stopped taking
   * requests. A client that was handed in as `client` stays open.
   */
  close(): Promise<void>
}

/**
 * Attaches an authenticated Signaling client to every request, as `req.agora`.
 *
 * Errors of Agora calls that no error handler of the application answers become JSON as `agoraErrorHandler` says:
 * Agora refusing the server is 502 and never 401, a quota refusal 503 with `Retry-After`.
 *
 * Without options everything comes from the environment; mistakes are thrown here, at start-up. A client is made once,
 * or once for each tenant; a request costs a view of it.
 *
 * @example
 * app.use(agoraSignaling({ userId: (req) => req.session?.userId }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export function agoraSignaling(options: AgoraSignalingOptions<Request> = {}): AgoraSignalingHandler {
  const context = createClientContext(options)
  const attachClient: RequestHandler = (req, res, next) => {
    answerErrorsNobodyAnswers(req.app)
    const client = context.clientFor(req, callerLifetime(res))
    const attach = (ready: SignalingClient): void => {
      req.agora = ready
      next()
    }
    if (client instanceof Promise) client.then(attach).catch(next)
    else attach(client)
  }
  return Object.assign(attachClient, { close: () => context.close() })
}
