import type { Dispatcher } from 'undici'
import { AbortedByCaller, TimeLimitReached, watchLimits } from './limits.js'
import type { TimeLimits } from './limits.js'

/** One HTTP request, ready to be written to a socket. */
export interface HttpRequest {
  readonly origin: string
  readonly method: string
  /** Encoded path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** One complete HTTP answer. */
export interface ReceivedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** What ends an exchange early. */
export interface ExchangeLimits extends TimeLimits {
  readonly maxBodyBytes: number
}

/** The answer is larger than allowed. */
export class AnswerTooLarge extends Error {
  readonly status: number
  readonly maxBodyBytes: number

  constructor(status: number, maxBodyBytes: number) {
    super('The answer is too large.')
    this.status = status
    this.maxBodyBytes = maxBodyBytes
  }
}

/** Time ran out; `requestStarted` tells whether any byte of the request may have left. */
export class ExchangeTimeout extends Error {
  readonly requestStarted: boolean

  constructor(requestStarted: boolean) {
    super('The exchange took too long.')
    this.requestStarted = requestStarted
  }
}

/** The caller gave up; `requestStarted` tells whether any byte of the request may have left. */
export class ExchangeAborted extends AbortedByCaller {
  readonly requestStarted: boolean

  constructor(signal: AbortSignal, requestStarted: boolean) {
    super(signal)
    this.requestStarted = requestStarted
  }
}

/** The connection failed; `requestStarted` tells whether any byte of the request may have left. */
export class ExchangeFailed extends Error {
  readonly requestStarted: boolean

  constructor(cause: unknown, requestStarted: boolean) {
    super('The connection failed.', { cause })
    this.requestStarted = requestStarted
  }
}

/** Whether any byte of the request may have left this machine, for what {@link exchange} threw. */
export function requestHadStarted(reason: unknown): boolean {
  if (reason instanceof AnswerTooLarge) return true
  const isOurs =
    reason instanceof ExchangeTimeout || reason instanceof ExchangeAborted || reason instanceof ExchangeFailed
  return isOurs && reason.requestStarted
}

/**
 * Sends one request and collects its answer: one try, one socket, no interpretation.
 *
 * It dispatches instead of calling `Pool.request`, because an answer that is read whole needs no stream.
 *
 * @throws {ExchangeTimeout | ExchangeAborted | AnswerTooLarge | ExchangeFailed}
 */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: ExchangeLimits,
): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    if (limits.signal?.aborted === true) {
      reject(new ExchangeAborted(limits.signal, false))
      return
    }
    if (limits.timeoutMs <= 0) {
      reject(new ExchangeTimeout(false))
      return
    }
    const collector = new AnswerCollector(limits, resolve, reject)
    try {
      dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.target,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          // Our own clock covers the whole exchange.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        collector,
      )
    } catch (cause) {
      collector.onDispatchError(cause)
    }
  })
}

class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly #maxBodyBytes: number
  readonly #resolve: (answer: ReceivedAnswer) => void
  readonly #reject: (reason: Error) => void
  readonly #stopWatching: () => void
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #status = 0
  #headers: ReceivedAnswer['headers'] = {}
  #controller: Dispatcher.DispatchController | undefined
  #ended: Error | undefined

  constructor(
    limits: ExchangeLimits,
    resolve: (answer: ReceivedAnswer) => void,
    reject: (reason: Error) => void,
  ) {
    this.#maxBodyBytes = limits.maxBodyBytes
    this.#resolve = resolve
    this.#reject = reject
    this.#stopWatching = watchLimits(limits, (reason) => {
      const { signal } = limits
      this.fail(
        reason instanceof TimeLimitReached || signal === undefined
          ? new ExchangeTimeout(this.#requestStarted)
          : new ExchangeAborted(signal, this.#requestStarted),
      )
    })
  }

  /** A dispatcher announces a request before it writes, so that what was not announced has not left. */
  get #requestStarted(): boolean {
    return this.#controller !== undefined || this.#status > 0
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The exchange ended while it waited for a socket: nothing may be written any more.
    if (this.#ended !== undefined) controller.abort(this.#ended)
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedAnswer['headers'],
  ): void {
    // Informational answers (1xx) come before the real one.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBodyBytes) this.fail(new AnswerTooLarge(this.#status, this.#maxBodyBytes))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#ended !== undefined) return
    this.#stopWatching()
    const [first] = this.#chunks
    const body =
      first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#bytes)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.fail(new ExchangeFailed(cause, this.#requestStarted))
  }

  onDispatchError(cause: unknown): void {
    this.fail(new ExchangeFailed(cause, this.#requestStarted))
  }

  fail(reason: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#stopWatching()
    this.#reject(reason)
    this.#controller?.abort(reason)
  }
}
