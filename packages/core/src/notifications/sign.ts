import { randomUUID } from 'node:crypto'
import { requireWebhookSecrets } from './verify.js'
import { signatureHeaders, signatureOf } from './signature.js'

/** A notification to test a handler with. */
export interface NotificationDraft {
  /** The secret the handler verifies with. */
  readonly secret: string
  readonly productId: number
  readonly eventType: number
  readonly payload?: unknown
  /** Default: a new one. Give the same twice to test that duplicates are dropped. */
  readonly noticeId?: string | undefined
  /** Default: now. */
  readonly notifyMs?: number | undefined
}

/** A request as Agora would send it: post `rawBody` with `headers`. */
export interface SignedNotification {
  readonly rawBody: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Makes a signed notification, to test your own handler with.
 *
 * @example
 * const { rawBody, headers } = signNotification({ secret, productId: 1, eventType: 103, payload: { channelName: 'lobby' } })
 * await fetch(`${url}/agora/notifications`, { method: 'POST', body: rawBody, headers })
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret.
 */
export function signNotification(draft: NotificationDraft): SignedNotification {
  const { productId, eventType, payload = {}, noticeId = randomUUID(), notifyMs = Date.now() } = draft
  const [secret = ''] = requireWebhookSecrets(draft.secret)
  const rawBody = JSON.stringify({ noticeId, productId, eventType, notifyMs, payload })
  return {
    rawBody,
    headers: {
      'content-type': 'application/json',
      [signatureHeaders.sha1]: signatureOf('sha1', secret, rawBody),
      [signatureHeaders.sha256]: signatureOf('sha256', secret, rawBody),
    },
  }
}
