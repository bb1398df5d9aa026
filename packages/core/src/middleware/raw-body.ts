import type { IncomingMessage } from 'node:http'
import { AgoraWebhookError } from '../errors.js'

/** A Node request, and what a framework or a parser may have put on it. */
export interface RequestWithBody {
  readonly stream: IncomingMessage
  /** The bytes, where a serverless host or a parser's `verify` hook kept them. */
  readonly rawBody?: unknown
  /** What a body parser left: bytes or text will do, anything else has lost them. */
  readonly body?: unknown
}

/** Notifications are a few kilobytes; more is no notification. */
const maxBodyBytes = 1024 * 1024

/**
 * The exact bytes of a request body, wherever they are.
 *
 * @throws {AgoraWebhookError} `ERR_WEBHOOK_RAW_BODY` when a parser has consumed them, `ERR_WEBHOOK_PAYLOAD` above 1 MiB.
 */
export async function readRawBody(request: RequestWithBody): Promise<Uint8Array | string> {
  for (const candidate of [request.rawBody, request.body]) {
    if (typeof candidate === 'string' || candidate instanceof Uint8Array) return candidate
  }
  if (request.stream.readableDidRead || request.stream.readableEnded) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_RAW_BODY',
      'A body parser ran before the notification route and the raw body is gone: the signature covers its exact bytes. ' +
        'Mount the notification route before the body parser, or keep the bytes as req.rawBody.',
    )
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop must not destroy the request: its connection carries the answer.
  const incoming: AsyncIterable<unknown> = request.stream.iterator({ destroyOnReturn: false })
  for await (const chunk of incoming) {
    const buffer = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk), 'utf8')
    bytes += buffer.length
    if (bytes > maxBodyBytes) {
      throw new AgoraWebhookError(
        'ERR_WEBHOOK_PAYLOAD',
        `The body is larger than ${maxBodyBytes} bytes: it is no notification.`,
      )
    }
    chunks.push(buffer)
  }
  return Buffer.concat(chunks, bytes)
}
