import { AgoraConfigError, AgoraWebhookError } from '../errors.js'
import { isJsonObject, numberField, textField } from '../input/json.js'
import type { JsonObject } from '../input/json.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner, either, listOf, text, yesOrNo } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { isSameSignature, signatureHeaders, signatureOf } from './signature.js'
import type { SignatureVersion } from './signature.js'

/** A notification Agora sent, its signature verified. */
export interface AgoraNotification {
  /** Agora's id of the notification. A resend keeps it: the key to drop duplicates by. */
  readonly noticeId: string
  /** 1 RTC, 3 cloud recording, 4 media pull, 5 media push, 17 Conversational AI. Signaling's number is not published. */
  readonly productId: number
  readonly eventType: number
  /** Unix milliseconds of this sending: a resend has another. */
  readonly notifyMs: number
  /** Differs for each product and event: parse it before use. */
  readonly payload: unknown
  /** The whole body, with the fields that some products add. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Headers as Node, Express, Koa and Fastify have them, or web `Headers`. */
export type NotificationHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** Arguments of {@link verifyNotification}. */
export interface VerifyNotificationOptions {
  /** The exact bytes of the request body. A parsed body is no use: its bytes are lost. */
  readonly rawBody: Uint8Array | string
  readonly headers: NotificationHeaders
  /** The secret of the notification configuration; several while one replaces another. */
  readonly secret: string | readonly string[]
  /** Accept a request that only has the older HMAC-SHA1 signature. Default `false`. */
  readonly allowSha1?: boolean | undefined
}

/** {@link requireWebhookSecrets} checks whether it is empty. */
export const secretRule: Rule<unknown> = either(text, listOf('a list of texts', text))

const verifyNotificationRules: OptionRules<VerifyNotificationOptions> = {
  rawBody: checkedByItsOwner,
  headers: {
    expected: 'the headers of the request: an object, or Headers',
    accepts: (value): value is NotificationHeaders => typeof value === 'object' && value !== null,
  },
  secret: secretRule,
  allowSha1: yesOrNo,
}

/**
 * Checks that a notification was signed with your secret, and reads it.
 *
 * When `Agora-Signature-V2` (HMAC-SHA256) is there, it alone decides. If it is wrong, the notification is refused, even
 * if the older signature is right. Drop duplicates by `noticeId`.
 *
 * @example
 * const { eventType, payload } = verifyNotification({ rawBody, headers: req.headers, secret: process.env.AGORA_WEBHOOK_SECRET })
 *
 * @throws {AgoraWebhookError} `ERR_WEBHOOK_SIGNATURE`, `ERR_WEBHOOK_RAW_BODY` for a parsed body, `ERR_WEBHOOK_PAYLOAD`
 * for a signed body that is no notification.
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret; `ERR_CONFIG_INVALID` for an option that does not exist
 * or is of a wrong type.
 * @see https://docs.agora.io/en/video-calling/advanced-features/receive-notifications
 */
export function verifyNotification(options: VerifyNotificationOptions): AgoraNotification {
  checkOptions('verifyNotification()', options, verifyNotificationRules)
  const secrets = requireWebhookSecrets(options.secret)
  const rawBody = requireRawBody(options.rawBody)
  const { version, signature } = receivedSignature(
    requireHeaders(options.headers),
    options.allowSha1 === true,
  )
  // No early exit, so that the time does not show which secret matched.
  const matches = secrets.filter((secret) =>
    isSameSignature(signatureOf(version, secret, rawBody), signature),
  )
  if (matches.length === 0) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_SIGNATURE',
      `The signature in ${signatureHeaders[version]} does not match. Check the secret (AGORA_WEBHOOK_SECRET) against Agora Console → ` +
        'Project Management → the project → Notifications, and that nothing on the way changed the body.',
    )
  }
  return readNotification(rawBody)
}

/** @throws {AgoraConfigError} `ERR_CONFIG_MISSING` */
export function requireWebhookSecrets(secret: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const usable = secrets.filter((one): one is string => typeof one === 'string' && one !== '')
  if (usable.length > 0 && usable.length === secrets.length) return usable
  throw new AgoraConfigError(
    'ERR_CONFIG_MISSING',
    'The webhook secret is missing or empty. Pass secret, or set AGORA_WEBHOOK_SECRET: Agora Console → Project Management → the project → Notifications.',
  )
}

function requireRawBody(rawBody: unknown): Uint8Array | string {
  if (typeof rawBody === 'string' || rawBody instanceof Uint8Array) return rawBody
  throw new AgoraWebhookError(
    'ERR_WEBHOOK_RAW_BODY',
    'The raw body is needed: the signature covers its exact bytes, and a parsed body turned into JSON again has others. ' +
      'Mount the notification route before the JSON body parser.',
  )
}

function requireHeaders(headers: NotificationHeaders | undefined): NotificationHeaders {
  if (headers !== undefined) return headers
  throw new AgoraConfigError(
    'ERR_CONFIG_MISSING',
    "headers of verifyNotification() are missing: the request's.",
  )
}

function receivedSignature(
  headers: NotificationHeaders,
  allowSha1: boolean,
): { version: SignatureVersion; signature: string } {
  const v2 = header(headers, signatureHeaders.sha256)
  if (v2 !== undefined) return { version: 'sha256', signature: v2 }
  const v1 = header(headers, signatureHeaders.sha1)
  if (v1 !== undefined && allowSha1) return { version: 'sha1', signature: v1 }
  throw new AgoraWebhookError(
    'ERR_WEBHOOK_SIGNATURE',
    v1 === undefined
      ? 'The request has no agora-signature-v2 header: it is not a notification from Agora, or a proxy removed the header.'
      : 'The request has only the older agora-signature header (HMAC-SHA1). Pass allowSha1 to accept it.',
  )
}

function header(headers: NotificationHeaders, name: string): string | undefined {
  if (isWebHeaders(headers)) return headers.get(name) ?? undefined
  for (const [key, value] of Object.entries<unknown>(headers)) {
    if (key.toLowerCase() !== name || value === undefined) continue
    const first: unknown = Array.isArray(value) ? value[0] : value
    // When this header is there, it decides, even if it is malformed. The older signature must not replace it.
    return typeof first === 'string' ? first : ''
  }
  return undefined
}

/** Recognised by its method: there are several classes of this name, for instance undici's. */
function isWebHeaders(headers: NotificationHeaders): headers is Headers {
  return typeof headers.get === 'function'
}

function readNotification(rawBody: Uint8Array | string): AgoraNotification {
  const fields = parseObject(rawBody)
  const noticeId = fields && textField(fields, 'noticeId')
  const productId = fields && numberField(fields, 'productId')
  const eventType = fields && numberField(fields, 'eventType')
  const notifyMs = fields && numberField(fields, 'notifyMs')
  if (
    noticeId === undefined ||
    productId === undefined ||
    eventType === undefined ||
    notifyMs === undefined
  ) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_PAYLOAD',
      'The body is signed but is no notification: expected JSON with noticeId, productId, eventType and notifyMs.',
    )
  }
  return { noticeId, productId, eventType, notifyMs, payload: fields?.['payload'], fields: fields ?? {} }
}

function parseObject(rawBody: Uint8Array | string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(typeof rawBody === 'string' ? rawBody : utf8.decode(rawBody))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Strict: if every broken byte became the same character, two notifications could get the same ID. */
const utf8 = new TextDecoder('utf-8', { fatal: true })
