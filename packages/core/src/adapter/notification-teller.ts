import type { AgoraWebhookError } from '../errors.js'
import { RefusedNotifications } from './refused-notifications.js'

/** What a host's logger has to be able to do: `console` and the client's logger are such. */
export interface NotificationLogger {
  warn(message: string): void
  error(message: string, details?: { readonly error: unknown }): void
}

/** Tells the developer of notifications that are not answered with 200: `onError`, or a logger in its place. Never throws. */
export class NotificationTeller {
  readonly #onError: ((error: unknown) => unknown) | undefined
  readonly #refused = new RefusedNotifications()
  readonly #watched = new WeakSet<Promise<unknown>>()
  // The one of the latest request: some of what goes wrong belongs to no request, or is known when it is over.
  #latestLogger: NotificationLogger = console

  constructor(onError: ((error: unknown) => unknown) | undefined) {
    this.#onError = onError
  }

  /** Tells of a request that may be anybody's: bounded, and in one line. */
  tellRefused(refusal: AgoraWebhookError, logger: NotificationLogger = console): void {
    this.#refused.tell(refusal, (told) => {
      if (this.#onError === undefined) attempt(() => logger.warn(messageOf(told)))
      else this.#tellListener(told, logger)
    })
  }

  /** Tells of a signed notification that failed. */
  tell(error: unknown, logger: NotificationLogger = this.#latestLogger): void {
    this.#latestLogger = logger
    if (this.#onError === undefined) attempt(() => logger.error(messageOf(error), detailsOf(error)))
    else this.#tellListener(error, logger)
  }

  /** Tells of a failure that comes when Agora has been answered, once for each promise. */
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
      // A listener may be an async function, whose failure would end the process.
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
    // The logger has failed. Nobody is left to tell, and the answer to Agora is worth more.
  }
}

function messageOf(error: unknown): string {
  return `Agora notification: ${error instanceof Error ? error.message : 'something that is no error was thrown.'}`
}

/** The stack of our own error says nothing that its message does not; that of its cause does. */
function detailsOf(error: unknown): { readonly error: unknown } | undefined {
  return error instanceof Error && error.cause === undefined ? undefined : { error }
}
