import type { AgoraWebhookError } from '../errors.js'
import { RefusedNotifications } from './refused-notifications.js'

/** What a logger of the host has to have. `console` and the logger of a client have it. */
export interface NotificationLogger {
  warn(message: string): void
  error(message: string, details?: { readonly error: unknown }): void
}

/** Reports notifications that are not answered with 200: to `onError`, or to a logger where there is none. Never throws. */
export class NotificationTeller {
  readonly #onError: ((error: unknown) => unknown) | undefined
  readonly #refused = new RefusedNotifications()
  readonly #watched = new WeakSet<Promise<unknown>>()
  // The logger of the latest request. Some failures belong to no request, or come after its end.
  #latestLogger: NotificationLogger = console

  constructor(onError: ((error: unknown) => unknown) | undefined) {
    this.#onError = onError
  }

  /** Reports a request that anybody may have sent: a bounded number of times, and in one line. */
  tellRefused(refusal: AgoraWebhookError, logger: NotificationLogger = console): void {
    this.#refused.tell(refusal, (told) => {
      if (this.#onError === undefined) attempt(() => logger.warn(messageOf(told)))
      else this.#tellListener(told, logger)
    })
  }

  /** Reports a signed notification that failed. */
  tell(error: unknown, logger: NotificationLogger = this.#latestLogger): void {
    this.#latestLogger = logger
    if (this.#onError === undefined) attempt(() => logger.error(messageOf(error), detailsOf(error)))
    else this.#tellListener(error, logger)
  }

  /** Reports a failure that comes after Agora got its answer, once for each promise. */
  tellIfItFails(work: Promise<unknown>): void {
    if (this.#watched.has(work)) return
    this.#watched.add(work)
    work.catch((error: unknown) => this.tell(error))
  }

  #tellListener(error: unknown, logger: NotificationLogger): void {
    const complain = (cause: unknown): void => {
      const message = `onError of notificationRoute() failed. It was told: ${messageOf(error)}`
      attempt(() => logger.error(message, { error: cause }))
    }
    try {
      // A listener may be an async function. Its unhandled failure would end the process.
      Promise.resolve(this.#onError?.(error)).catch(complain)
    } catch (cause) {
      complain(cause)
    }
  }
}

function attempt(tell: () => void): void {
  try {
    tell()
  } catch {
    // The logger itself has failed. Agora still gets its answer.
  }
}

function messageOf(error: unknown): string {
  return `Agora notification: ${error instanceof Error ? error.message : 'something that is no error was thrown.'}`
}

/** An error of ours without a cause says everything in its message. Others are logged with their stack. */
function detailsOf(error: unknown): { readonly error: unknown } | undefined {
  return error instanceof Error && error.cause === undefined ? undefined : { error }
}
