import type { SignalingClient } from '@agora-signaling/core'
import {
  callerLifetime,
  createClientContext,
  explainAbsence,
  refuseUncalled,
} from '@agora-signaling/core/adapter'
import type { AgoraSignalingOptions } from '@agora-signaling/core/adapter'
import type { Request, RequestHandler } from 'express'
import express from 'express'
import { lineToAdd } from './accessor.js'

/** The middleware, with functions to close it and to forget a tenant. */
export interface AgoraSignalingHandler extends RequestHandler {
  /**
   * Waits for the calls under way, then closes the connections to Agora. Call it once the server has stopped taking
   * requests. A client that was handed in as `client` stays open.
   */
  close(): Promise<void>
  /**
   * Forgets the client of a tenant. Its next request loads the options again. Call it when the credentials of the tenant have
   * changed. Requests under way keep the client they have.
   */
  forgetTenant(key: string): void
}

/**
 * Attaches an authenticated Signaling client to every request, as `req.agora`.
 *
 * Mount `agoraErrorHandler()` after the routes: it answers errors of Agora calls with JSON.
 *
 * Without options everything comes from the environment. Mistakes are thrown here, at start-up. A client is made once, or
 * once for each tenant. Each request gets a view of it, which is cheap.
 *
 * @example
 * app.use(agoraSignaling({ userId: (req) => req.session?.userId }))
 * app.use(agoraErrorHandler()) // after the routes
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export function agoraSignaling(options: AgoraSignalingOptions<Request> = {}): AgoraSignalingHandler {
  refuseUncalled(lineToAdd, options)
  explainAbsence(express.request, 'agora', lineToAdd)
  const context = createClientContext(options)
  const attachClient: RequestHandler = (req, res, next) => {
    const client = context.clientFor(req, callerLifetime(res))
    const attach = (ready: SignalingClient): void => {
      req.agora = ready
      next()
    }
    if (client instanceof Promise) client.then(attach).catch(next)
    else attach(client)
  }
  return Object.assign(attachClient, {
    close: () => context.close(),
    forgetTenant: (key: string) => context.forgetTenant(key),
  })
}
