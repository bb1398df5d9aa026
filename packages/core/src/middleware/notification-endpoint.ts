import { readEnvironment } from '../credentials/environment.js'
import { AgoraConfigError, AgoraWebhookError } from '../errors.js'
import { TimeLimitReached, withinLimits } from '../http/limits.js'
import { isJsonObject } from '../http/json.js'
import { MemoryNotificationStore } from '../notifications/store.js'
import type { NotificationStore } from '../notifications/store.js'
import { requireWebhookSecrets, verifyNotification } from '../notifications/verify.js'
import type { AgoraNotification, NotificationHeaders } from '../notifications/verify.js'
import { methodNotAllowed } from './http-answer.js'
import type { HttpAnswer } from './http-answer.js'
import { toHttpError } from './http-error.js'

/** Options of every adapter's `notificationRoute()`. */
export interface NotificationRouteOptions {
  /**
   * Handles a notification: once for each `noticeId`. Agora is answered when it is done, and sends again when it
   * throws. Hand longer work to a queue.
   */
  readonly onNotification: (notification: AgoraNotification) => void | Promise<void>
  /** The secret of the notification configuration; several while one replaces another. Default: `AGORA_WEBHOOK_SECRET`. */
  readonly secret?: string | readonly string[] | undefined
  /** Gets the events that the console's "Check" button sends. Default: they are answered and go nowhere. */
  readonly onTestEvent?: ((notification: AgoraNotification) => void | Promise<void>) | undefined
  /** Told of everything that is not answered with 200: refused signatures, handlers that fail or take too long. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Remembers what was handled, for 24 hours. Default: the memory of this process. */
  readonly store?: NotificationStore | undefined
  /** What makes two notifications the same. Default: product ID and `noticeId`. */
  readonly key?: ((notification: AgoraNotification) => string) | undefined
  /** Accept requests that only have the older HMAC-SHA1 signature. Default `false`. */
  readonly allowSha1?: boolean | undefined
  /** Milliseconds until Agora is answered with 500 while the handler is still at work. Default 8,000: Agora waits 10,000. */
  readonly timeoutMs?: number | undefined
}

/** One call of the notification route, in host-neutral terms. */
export interface NotificationRequest {
  readonly method: string
  readonly headers: NotificationHeaders
  readonly readRawBody: () => Promise<Uint8Array | string>
}

/** Agora asks for at least a day: resends have no upper age. */
const rememberedSeconds = 24 * 60 * 60

/**
 * Makes the host-neutral half of `notificationRoute()`.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler.
 */
export function createNotificationEndpoint(
  options: NotificationRouteOptions,
): (request: NotificationRequest) => Promise<HttpAnswer> {
  const { onNotification, onTestEvent, key = defaultKey, allowSha1, timeoutMs = 8000 } = options
  if (typeof onNotification !== 'function') {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'onNotification must be a function: it gets each notification once.',
    )
  }
  const secret = requireWebhookSecrets(options.secret ?? readEnvironment(process.env).webhookSecret)
  const store = options.store ?? new MemoryNotificationStore()
  // oxlint-disable-next-line no-console -- a refused notification must not go unseen, and core has no other place to tell
  const onError = options.onError ?? ((error: unknown) => console.error(error))
  const underWay = new Map<string, Promise<void>>()

  const claimAndHandle = async (id: string, notification: AgoraNotification): Promise<void> => {
    if (!(await store.add(id, rememberedSeconds))) return
    try {
      await runHandler(onNotification, notification)
    } catch (error) {
      await store.delete(id)
      throw error
    }
  }

  /** A resend that overtakes the first handling shares its outcome. */
  const handleOnce = (notification: AgoraNotification): Promise<void> => {
    const id = key(notification)
    let handling = underWay.get(id)
    if (handling === undefined) {
      handling = claimAndHandle(id, notification).finally(() => underWay.delete(id))
      underWay.set(id, handling)
    }
    return handling
  }

  const answerTo = async ({ headers, readRawBody }: NotificationRequest): Promise<void> => {
    const notification = verifyNotification({ rawBody: await readRawBody(), headers, secret, allowSha1 })
    const work = isTestEvent(notification) ? runHandler(onTestEvent, notification) : handleOnce(notification)
    try {
      await withinLimits(work, { timeoutMs })
    } catch (error) {
      if (!(error instanceof TimeLimitReached)) throw error
      // The handler goes on, and nobody waits for it any more.
      work.catch(onError)
      throw new AgoraWebhookError(
        'ERR_WEBHOOK_HANDLER',
        `onNotification was not done within ${timeoutMs} ms, and Agora waits no longer: it sends the notification again. Hand long work to a queue.`,
      )
    }
  }

  return async (request) => {
    if (request.method !== 'POST') return methodNotAllowed(['POST'])
    try {
      await answerTo(request)
      return { status: 200, headers: {}, body: {} }
    } catch (error) {
      onError(error)
      return toHttpError(error) ?? { status: 500, headers: {}, body: {} }
    }
  }
}

async function runHandler(
  handler: NotificationRouteOptions['onNotification'] | undefined,
  notification: AgoraNotification,
): Promise<void> {
  try {
    await handler?.(notification)
  } catch (cause) {
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_HANDLER',
      'onNotification failed. Agora is answered with 500 and sends the notification again.',
      { cause },
    )
  }
}

function defaultKey({ productId, noticeId }: AgoraNotification): string {
  return `${productId}:${noticeId}`
}

/** The console's "Check" button sends events of this made-up channel. */
function isTestEvent({ payload }: AgoraNotification): boolean {
  return isJsonObject(payload) && payload['channelName'] === 'test_webhook'
}
