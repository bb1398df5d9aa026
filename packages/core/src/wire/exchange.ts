import type { Dispatcher } from 'undici'
import { AbortedByCaller, TimeLimitReached, watchTimeLimits } from '../waiting/time-limits.js'
import type { TimeLimits } from '../waiting/time-limits.js'
import type { LinePlace } from '../waiting/line.js'
import type { Room } from '../waiting/room.js'

/** Where requests to one host leave this machine. */
export interface Exit {
  readonly dispatcher: Dispatcher
  /** Room for as many requests as there may be connections. `undefined` where the dispatcher is the user's. */
  readonly room: Room | undefined
}

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
export interface ExchangeBounds extends TimeLimits {
  readonly maxBodyBytes: number
  /** The signal ends the wait for a connection, but not a request that has started: only its answer says what became of it. */
  readonly finishesOnceStarted?: boolean | undefined
}

/** Decides when the request may start, and is told what becomes of it: its place in the quota. */
export interface Permit {
  /** The request is about to be written to its socket. `false`: the permit is too old, so the request must not go. */
  start(): boolean
  /** The server has answered. */
  answered(): void
  /** No answer will come. */
  giveUp(): void
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

/** The permit was too old when the request was about to start: the request needs another one. */
export class PermitTooOld extends Error {}

/** Whether any byte of the request may have left this machine, for what {@link exchange} threw. */
export function requestHadStarted(reason: unknown): boolean {
  if (reason instanceof AnswerTooLarge) return true
  const isOurs =
    reason instanceof ExchangeTimeout || reason instanceof ExchangeAborted || reason instanceof ExchangeFailed
  return isOurs && reason.requestStarted
}

/**
 * Sends one request and collects its answer. It does not try again and does not interpret the answer.
 *
 * It uses `dispatch` instead of `Pool.request`: an answer that is read as a whole needs no stream, and only a dispatcher
 * tells when the request starts.
 *
 * @param permit It is given up when the request does not start.
 * @throws {ExchangeTimeout | ExchangeAborted | AnswerTooLarge | ExchangeFailed | PermitTooOld}
 */
export function exchange(
  exit: Exit,
  request: HttpRequest,
  bounds: ExchangeBounds,
  permit: Permit | undefined,
): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    const { signal, timeoutMs } = bounds
    if (signal?.aborted === true || timeoutMs <= 0) {
      permit?.giveUp()
      reject(signal?.aborted === true ? new ExchangeAborted(signal, false) : new ExchangeTimeout(false))
      return
    }
    new Exchange(exit, request, bounds, permit, resolve, reject).begin()
  })
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #exit: Exit
  readonly #request: HttpRequest
  readonly #maxBodyBytes: number
  readonly #permit: Permit | undefined
  readonly #resolve: (answer: ReceivedAnswer) => void
  readonly #reject: (reason: Error) => void
  readonly #stopWatching: () => void
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #status = 0
  #headers: ReceivedAnswer['headers'] = {}
  #waiting: LinePlace | undefined
  #isInRoom = false
  #controller: Dispatcher.DispatchController | undefined
  #ended: Error | undefined

  constructor(
    exit: Exit,
    request: HttpRequest,
    bounds: ExchangeBounds,
    permit: Permit | undefined,
    resolve: (answer: ReceivedAnswer) => void,
    reject: (reason: Error) => void,
  ) {
    this.#exit = exit
    this.#request = request
    this.#maxBodyBytes = bounds.maxBodyBytes
    this.#permit = permit
    this.#resolve = resolve
    this.#reject = reject
    this.#stopWatching = watchTimeLimits(bounds, (reason) => {
      const { signal, finishesOnceStarted } = bounds
      if (reason instanceof AbortedByCaller && finishesOnceStarted === true && this.#requestStarted) return
      this.#fail(
        reason instanceof TimeLimitReached || signal === undefined
          ? new ExchangeTimeout(this.#requestStarted)
          : new ExchangeAborted(signal, this.#requestStarted),
      )
    })
  }

  begin(): void {
    const { room } = this.#exit
    if (room === undefined) this.#dispatch()
    else if (room.tryEnter()) this.#enterRoom()
    else this.#waiting = room.wait(() => this.#enterRoom())
  }

  #enterRoom(): void {
    this.#isInRoom = true
    // The exchange may have ended between its turn and now.
    if (this.#ended === undefined) this.#dispatch()
    else this.#leaveRoom()
  }

  /** Undici holds the request until this moment, even after the exchange has ended. */
  #leaveRoom(): void {
    if (!this.#isInRoom) return
    this.#isInRoom = false
    this.#exit.room?.leave()
  }

  #dispatch(): void {
    const { origin, target, method, headers, body } = this.#request
    try {
      this.#exit.dispatcher.dispatch(
        {
          origin,
          path: target,
          method,
          headers,
          body: body ?? null,
          // Our own time limit covers the whole exchange.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        this,
      )
    } catch (cause) {
      this.#failedBy(cause)
    }
  }

  /** A dispatcher announces a request before it writes it. A request that was not announced has not left. */
  get #requestStarted(): boolean {
    return this.#controller !== undefined || this.#status > 0
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // In our own pool, throwing refuses the request and keeps the new connection for the next one. An abort would close it.
    // A dispatcher of the user may handle a throw in any way, so it gets an abort.
    const isOurs = this.#exit.room !== undefined
    if (this.#ended === undefined && this.#permit?.start() === false && isOurs) this.#fail(new PermitTooOld())
    if (this.#ended === undefined) this.#controller = controller
    else if (isOurs) throw this.#ended
    else controller.abort(this.#ended)
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedAnswer['headers'],
  ): void {
    this.#permit?.answered()
    // Informational answers (1xx) come before the real one.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#maxBodyBytes) this.#fail(new AnswerTooLarge(this.#status, this.#maxBodyBytes))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#leaveRoom()
    if (this.#ended !== undefined) return
    this.#stopWatching()
    const [first] = this.#chunks
    const body =
      first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#bytes)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.#failedBy(cause)
  }

  #failedBy(cause: unknown): void {
    this.#leaveRoom()
    this.#fail(new ExchangeFailed(cause, this.#requestStarted))
  }

  #fail(reason: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#waiting?.leave()
    this.#permit?.giveUp()
    this.#stopWatching()
    this.#reject(reason)
    this.#controller?.abort(reason)
  }
}
