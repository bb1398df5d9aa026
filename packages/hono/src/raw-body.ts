import { AgoraWebhookError } from '@agora-signaling/core'
import type { Context } from 'hono'

/** Notifications are a few kilobytes; more is no notification. */
const maxBodyBytes = 1024 * 1024

/**
 * The exact bytes of a request body, also when a middleware before has read them through Hono.
 *
 * @throws {AgoraWebhookError} `ERR_WEBHOOK_RAW_BODY` when they are gone, `ERR_WEBHOOK_PAYLOAD` above 1 MiB.
 */
export async function rawBodyOf({ req }: Context): Promise<Uint8Array | string> {
  // What c.req.json() and c.req.text() read, Hono keeps as text.
  if ('text' in req.bodyCache) return req.text()
  if ('arrayBuffer' in req.bodyCache) return new Uint8Array(await req.arrayBuffer())
  if (req.raw.bodyUsed) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_RAW_BODY',
      'The body was read before the notification route and its exact bytes are gone: the signature covers them. ' +
        'Mount the notification route before, or read the body with c.req.json() or c.req.text(), which keep them.',
    )
  }
  if (req.raw.body === null) return ''
  // Leaving the loop must not cancel the request: its connection carries the answer.
  const stream: AsyncIterable<Uint8Array> = req.raw.body.values({ preventCancel: true })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) {
      throw new AgoraWebhookError(
        'ERR_WEBHOOK_PAYLOAD',
        `The body is larger than ${maxBodyBytes} bytes: it is no notification.`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}
