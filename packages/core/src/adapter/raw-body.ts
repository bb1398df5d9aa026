import type { IncomingMessage } from 'node:http'
import { AgoraWebhookError } from '../errors.js'

/** Where the exact bytes of a request body may be. */
export interface RequestBody {
  /** What a parser or a serverless host may have left, best first. Bytes and text are used. Anything else is passed over. */
  readonly kept?: readonly unknown[]
  /** Whether somebody else has read the body. */
  readonly isRead: boolean
  /** Reads the body. Ending the iteration early must not close the connection, which carries the answer. */
  readonly chunks: () => AsyncIterable<unknown>
  /** What to change where the bytes are lost, for the error. */
  readonly fix: string
}

/** Notifications have a few kilobytes. */
const maxBodyBytes = 1024 * 1024

/**
 * Reads the exact bytes of a request body, which the signature of a notification covers.
 *
 * @example
 * readRawBody(nodeBody(req, { kept: [req.rawBody], fix: 'Mount the route before the body parser.' }))
 *
 * @throws {AgoraWebhookError} `ERR_WEBHOOK_RAW_BODY` when the bytes are lost, `ERR_WEBHOOK_PAYLOAD` above 1 MiB.
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

/**
 * Describes the body of a Node request, for {@link readRawBody}.
 *
 * @example
 * nodeBody(req, { fix: 'Mount the route before the body parser.' })
 */
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
