import type { IncomingMessage } from 'node:http'
import { AgoraWebhookError } from '../errors.js'

/** The body of a request, wherever its exact bytes are. */
export interface RequestBody {
  /** What a parser or a serverless host may have left: bytes or text will do, anything else has lost them. */
  readonly kept?: readonly unknown[]
  /** Whether the body was read by somebody else. */
  readonly isRead: boolean
  /** Reads it. Leaving the iteration must not end the connection, which carries the answer. */
  readonly chunks: () => AsyncIterable<unknown>
  /** What to change where the bytes are gone, for the error. */
  readonly fix: string
}

/** Notifications are a few kilobytes; more is no notification. */
const maxBodyBytes = 1024 * 1024

/**
 * The exact bytes of a request body.
 *
 * @throws {AgoraWebhookError} `ERR_WEBHOOK_RAW_BODY` when they are gone, `ERR_WEBHOOK_PAYLOAD` above 1 MiB.
 */
export async function readRawBody(body: RequestBody): Promise<Uint8Array | string> {
  for (const candidate of body.kept ?? []) {
    if (typeof candidate === 'string' || candidate instanceof Uint8Array) {
      if (candidate.length > maxBodyBytes) throw tooLarge()
      return candidate
    }
  }
  if (body.isRead) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_RAW_BODY',
      `The body was read before the notification route and its exact bytes are gone: the signature covers them. ${body.fix}`,
    )
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body.chunks()) {
    const buffer = chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk), 'utf8')
    bytes += buffer.length
    if (bytes > maxBodyBytes) throw tooLarge()
    chunks.push(buffer)
  }
  return Buffer.concat(chunks, bytes)
}

function tooLarge(): AgoraWebhookError {
  return new AgoraWebhookError(
    'ERR_WEBHOOK_PAYLOAD',
    `The body is larger than ${maxBodyBytes} bytes: it is no notification.`,
  )
}

/** The body of a Node request. */
export function nodeBody(
  request: IncomingMessage,
  { kept, fix }: Pick<RequestBody, 'kept' | 'fix'>,
): RequestBody {
  return {
    kept: kept ?? [],
    isRead: request.readableDidRead || request.readableEnded,
    chunks: () => request.iterator({ destroyOnReturn: false }),
    fix,
  }
}
