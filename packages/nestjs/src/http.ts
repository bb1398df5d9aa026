import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { AbstractHttpAdapter } from '@nestjs/core'

/** What a handler gets: Express extends Node's request, Fastify wraps it. */
export type HostRequest = (IncomingMessage | { readonly raw: IncomingMessage }) & {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly body?: unknown
  readonly rawBody?: unknown
}

export type HostResponse = ServerResponse | { readonly raw: ServerResponse }

/** What middleware gets, with either. */
export function nodeRequest(request: HostRequest): IncomingMessage {
  return 'raw' in request ? request.raw : request
}

export function writeAnswer(adapter: AbstractHttpAdapter, response: HostResponse, answer: HttpAnswer): void {
  const native = 'raw' in response ? response.raw : response
  if (native.headersSent) {
    // An answer that has begun cannot be replaced; ended, it would look complete.
    native.destroy()
    return
  }
  // Said here, since a handler may have announced something else before it failed.
  const headers = { 'content-type': 'application/json; charset=utf-8', ...answer.headers }
  for (const [name, value] of Object.entries(headers)) adapter.setHeader(response, name, value)
  adapter.reply(response, answer.body, answer.status)
}
