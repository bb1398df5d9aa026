import { readEnvironment } from '../credentials/environment.js'
import { AgoraConfigError, AgoraWebhookError, isWebhookError } from '../errors.js'
import { isJsonObject } from '../input/json.js'
import { TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, wholeNumber, withMethods, yesOrNo } from '../input/rule.js'
import { MemoryNotificationStore } from '../notifications/store.js'
import type { NotificationStore } from '../notifications/store.js'
import { requireWebhookSecrets, secretRule, verifyNotification } from '../notifications/verify.js'
import type { AgoraNotification, NotificationHeaders } from '../notifications/verify.js'
import { machine } from '../runtime.js'
import { methodNotAllowed } from './http-answer.js'
import type { HttpAnswer } from './http-answer.js'
import { toHttpError } from './http-error.js'
import { NotificationTeller } from './notification-teller.js'
import type { NotificationLogger } from './notification-teller.js'
import { NotificationWork } from './notification-work.js'

/** Options of every adapter's `notificationRoute()`. */
export interface NotificationRouteOptions {
  /**
   * Handles a notification. It is called once for each `noticeId`. It is called again when it threw, when its process died, or
   * when it has not ended after a minute. Agora gets its answer when the handler is done, and sends again when it throws.
   * Give longer work to a queue.
   */
  readonly onNotification: (notification: AgoraNotification) => void | Promise<void>
  /** The secret of the notification configuration; several while one replaces another. Default: `AGORA_WEBHOOK_SECRET`. */
  readonly secret?: string | readonly string[] | undefined
  /** Gets the events that the "Check" button of Agora Console sends. Default: they are answered and dropped. */
  readonly onTestEvent?: ((notification: AgoraNotification) => void | Promise<void>) | undefined
  /**
   * Is told of everything that is not answered with 200: handlers that fail or take too long, and refused requests. Anybody
   * can send requests that are refused. So it is told of the first of each kind, and then of their number, every ten seconds
   * at most. Default: the logger of the host or of the client, else `console`.
   */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Remembers for 24 hours which notifications are handled. Default: the memory of this process. */
  readonly store?: NotificationStore | undefined
  /** What makes two notifications the same: text that is not empty. Default: product ID and `noticeId`. */
  readonly key?: ((notification: AgoraNotification) => string) | undefined
  /** Accept requests that only have the older HMAC-SHA1 signature. Default `false`. */
  readonly allowSha1?: boolean | undefined
  /**
   * Milliseconds that the route waits for a handler, here or in another process. After them it answers 503 or 500, and Agora
   * sends the notification again. From 1 to 60,000, default 8,000: Agora waits 10,000.
   */
  readonly timeoutMs?: number | undefined
}

/** A request of the notification route, in terms that know no framework. */
export interface NotificationRequest {
  readonly method: string
  readonly headers: NotificationHeaders
  /** Reads the exact bytes of the body: see `readRawBody`. It is called once, and may reject. */
  readonly readRawBody: () => Promise<Uint8Array | string>
  /** The logger of the host for this request. Default: `console`. */
  readonly logger?: NotificationLogger | undefined
}

const rules: OptionRules<NotificationRouteOptions> = {
  onNotification: aFunction('a function: it gets each notification'),
  secret: secretRule,
  onTestEvent: aFunction('a function: it gets the events of the "Check" button'),
  onError: aFunction('a function: it is told of what is not answered with 200'),
  store: withMethods('a store with the methods claim, settle and release', 'claim', 'settle', 'release'),
  key: aFunction('a function that gives a notification its key'),
  allowSha1: yesOrNo,
  timeoutMs: wholeNumber('milliseconds', 1, 60_000),
}

/** How often a process asks whether the one that has a notification is done with it. */
const askAgainMs = 200

/**
 * Makes the half of `notificationRoute()` that knows no framework. It checks the signature, drops duplicates, waits for the
 * handler, and gives the answer. It does not reject.
 *
 * @example
 * const endpoint = createNotificationEndpoint(options)
 * writeAnswer(res, await endpoint({ method: req.method, headers: req.headers, readRawBody: () => readBody(req) }))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler, and for an
 * option that is unknown or of a wrong type.
 */
export function createNotificationEndpoint(
  options: NotificationRouteOptions,
): (request: NotificationRequest) => Promise<HttpAnswer> {
  checkOptions('notificationRoute()', options, rules)
  const { onNotification, onTestEvent, key = defaultKey, allowSha1, timeoutMs = 8000 } = options
  if (typeof onNotification !== 'function') {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'onNotification of notificationRoute() is missing: it must be a function, and gets each notification.',
    )
  }
  const secret = requireWebhookSecrets(options.secret ?? readEnvironment(process.env).webhookSecret)
  const teller = new NotificationTeller(options.onError)
  const store = options.store ?? new MemoryNotificationStore()
  const work = new NotificationWork({ store, timeoutMs, tell: (error) => teller.tell(error) })

  /** Waits until the notification is handled, here or in another process. It waits no longer than Agora does. */
  const handle = async (notification: AgoraNotification, endMs: number): Promise<void> => {
    const id = requireKey(key(notification))
    for (;;) {
      const attempt = work.attempt(id, () => runHandler(onNotification, notification))
      const outcome = await withinTime(attempt, endMs - machine.monotonicMs())
      if (outcome === 'done') return
      if (endMs - machine.monotonicMs() <= askAgainMs) {
        throw new AgoraWebhookError(
          'ERR_WEBHOOK_IN_PROGRESS',
          'Another process is still at work on this notification. Agora is answered with 503 and sends it again.',
        )
      }
      await machine.sleep(askAgainMs)
    }
  }

  const withinTime = async <Value>(promise: Promise<Value>, leftMs: number): Promise<Value> => {
    try {
      return await withinTimeLimits(promise, { timeoutMs: Math.max(1, leftMs) })
    } catch (error) {
      if (!(error instanceof TimeLimitReached)) throw error
      teller.tellIfItFails(promise)
      throw new AgoraWebhookError(
        'ERR_WEBHOOK_HANDLER',
        `onNotification was not done within ${timeoutMs} ms, and Agora waits no longer: it sends the notification again. Hand long work to a queue.`,
      )
    }
  }

  const verify = async ({
    headers,
    readRawBody,
    logger,
  }: NotificationRequest): Promise<AgoraNotification | HttpAnswer> => {
    try {
      return verifyNotification({ rawBody: await readRawBody(), headers, secret, allowSha1 })
    } catch (error) {
      const refusal = refusalOf(error)
      teller.tellRefused(refusal, logger)
      return answerTo(refusal)
    }
  }

  return async (request) => {
    if (request.method !== 'POST') return methodNotAllowed(['POST'])
    const notification = await verify(request)
    if ('status' in notification) return notification
    try {
      if (isTestEvent(notification)) await withinTime(runHandler(onTestEvent, notification), timeoutMs)
      else await handle(notification, machine.monotonicMs() + timeoutMs)
      return { status: 200, headers: {}, body: {} }
    } catch (error) {
      teller.tell(error, request.logger)
      return answerTo(error)
    }
  }
}

function answerTo(error: unknown): HttpAnswer {
  const { status, headers, body } = toHttpError(error) ?? { status: 500, headers: {}, body: {} }
  return { status, headers, body }
}

function refusalOf(error: unknown): AgoraWebhookError {
  if (isWebhookError(error)) return error
  return new AgoraWebhookError(
    'ERR_WEBHOOK_PAYLOAD',
    'The body could not be read to its end: the connection broke, or something before the route failed. See the cause.',
    { cause: error },
  )
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

/** A key function that returns nothing would make all notifications the same, and all but one would be dropped. */
function requireKey(key: unknown): string {
  if (typeof key === 'string' && key !== '') return key
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    'key of notificationRoute() must return text that is not empty, and at once. What makes two notifications the same?',
  )
}

function defaultKey({ productId, noticeId }: AgoraNotification): string {
  return `${productId}:${noticeId}`
}

/** The "Check" button of Agora Console sends events of this made-up channel. */
function isTestEvent({ payload }: AgoraNotification): boolean {
  return isJsonObject(payload) && payload['channelName'] === 'test_webhook'
}
