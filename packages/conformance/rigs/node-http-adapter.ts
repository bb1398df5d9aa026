import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SignalingClient } from '@agora-signaling/core'
import * as core from '@agora-signaling/core/adapter'
import type {
  AgoraSignalingOptions,
  HttpAnswer,
  NotificationRouteOptions,
  TokenRouteOptions,
} from '@agora-signaling/core/adapter'

/** Resolves when it has done its part of a request. Rejects with the error of the request. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

export interface AgoraSignalingHandler extends Handler {
  forgetTenant(key: string): void
  close(): Promise<void>
}

const clients = new WeakMap<IncomingMessage, SignalingClient>()

export function agoraSignaling(options: AgoraSignalingOptions<IncomingMessage> = {}): AgoraSignalingHandler {
  core.refuseUncalled('const agora = agoraSignaling()', options)
  const context = core.createClientContext(options)
  const attachClient: Handler = async (req, res) => {
    clients.set(req, await context.clientFor(req, core.callerLifetime(res)))
  }
  return Object.assign(attachClient, {
    forgetTenant: (key: string) => context.forgetTenant(key),
    close: () => context.close(),
  })
}

export function getAgora(req: IncomingMessage): SignalingClient {
  return core.requireAttached(clients.get(req), 'await agora(req, res) // agora is agoraSignaling()')
}

export function tokenRoute(options: TokenRouteOptions<IncomingMessage> = {}): Handler {
  core.refuseUncalled('const token = tokenRoute()', options)
  const endpoint = core.createTokenEndpoint(options)
  return async (req, res) => {
    const { method = 'GET' } = req
    writeAnswer(res, await endpoint({ method, hostRequest: req, client: getAgora(req) }))
  }
}

export function notificationRoute(options: NotificationRouteOptions): Handler {
  core.refuseUncalled('const notified = notificationRoute({ onNotification: … })', options)
  const endpoint = core.createNotificationEndpoint(options)
  const fix = 'Call the notification route before anything reads the body.'
  return async (req, res) => {
    const { method = 'GET', headers } = req
    const readRawBody = (): Promise<Uint8Array | string> => core.readRawBody(core.nodeBody(req, { fix }))
    const logger = core.loggerOfClient(() => clients.get(req))
    writeAnswer(res, await endpoint({ method, headers, readRawBody, logger }))
  }
}

/** Answers the error of an Agora call, and tells `onError` of a fault of the server. Gives `false` for any other error. */
export function answerAgoraError(
  error: unknown,
  res: ServerResponse,
  onError: (error: unknown) => void,
): boolean {
  const answer = core.toHttpError(error)
  if (answer === undefined || res.headersSent) return false
  if (answer.isFault) onError(error)
  writeAnswer(res, answer)
  return true
}

function writeAnswer(res: ServerResponse, { status, headers, body }: HttpAnswer): void {
  res.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' })
  res.end(JSON.stringify(body))
}
