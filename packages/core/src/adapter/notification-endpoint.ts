import { readEnvironment } from '../credentials/environment.js'
import { AgoraConfigError, AgoraWebhookError, isWebhookError } from '../errors.js'
import { isJsonObject } from '../input/json.js'
import { TimeLimitReached, withinLimits } from '../waiting/time-limits.js'
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
   * Handles a notification: once for each `noticeId`, or again when it threw, when its process died, or when it has not
   * ended after a minute. Agora is answered when it is done, and sends again when it throws. Hand longer work to a queue.
   */
  readonly onNotification: (notification: AgoraNotification) => void | Promise<void>
  /** The secret of the notification configuration; several while one replaces another. Default: `AGORA_WEBHOOK_SECRET`. */
  readonly secret?: string | readonly string[] | undefined
  /** Gets the events that the console's "Check" button sends. Default: they are answered and go nowhere. */
  readonly onTestEvent?: ((notification: AgoraNotification) => void | Promise<void>) | undefined
  /**
   * Told of everything that is not answered with 200: handlers that fail or take too long, and refused requests. Anybody
   * can send those, so of each kind the first is told, and then, at most every ten seconds, how many there were.
   * Default: the logger of the host or of the client, else `console`.
   */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Remembers what is being handled, and what was, for 24 hours. Default: the memory of this process. */
  readonly store?: NotificationStore | undefined
  /** What makes two notifications the same: text that is not empty. Default: product ID and `noticeId`. */
  readonly key?: ((notification: AgoraNotification) => string) | undefined
  /** Accept requests that only have the older HMAC-SHA1 signature. Default `false`. */
  readonly allowSha1?: boolean | undefined
  /**
   * Milliseconds until Agora is answered that it has to send again, while a handler is still at work here or in another
   * process. From 1 to 60,000, default 8,000: Agora waits 10,000.
   */
  readonly timeoutMs?: number | undefined
}

/** One call of the notification route, in host-neutral terms. */
export interface NotificationRequest {
  readonly method: string
  readonly headers: NotificationHeaders
  readonly readRawBody: () => Promise<Uint8Array | string>
  /** Of the host, for this request. Default: `console`. */
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
 * Makes the host-neutral half of `notificationRoute()`.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` without a secret, `ERR_CONFIG_INVALID` without a handler, and for an
 * option that is unknown or of a wrong type.
 */
export function createNotificationEndpoint(
  options: NotificationRouteOptions,
): (request: NotificationRequest) => Promise<HttpAnswer> {
  refuseRequest(options)
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

  /** Waits for whoever has the notification, here or in another process, for as long as Agora waits for the answer. */
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
      return await withinLimits(promise, { timeoutMs: Math.max(1, leftMs) })
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

/** `app.post(path, notificationRoute)` makes the framework call it with its request. */
function refuseRequest(options: unknown): void {
  if (typeof options !== 'object' || options === null) return
  if (!['method', 'req', 'request'].some((member) => member in options)) return
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    'notificationRoute was handed over uncalled, and got a request. Call it where the route is made: notificationRoute({ onNotification: … }).',
  )
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

/** Without it, a key function that returns nothing would make all notifications the same, and drop all but one. */
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

/** The console's "Check" button sends events of this made-up channel. */
function isTestEvent({ payload }: AgoraNotification): boolean {
  return isJsonObject(payload) && payload['channelName'] === 'test_webhook'
}
