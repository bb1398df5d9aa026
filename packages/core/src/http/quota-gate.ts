import { AgoraQuotaError } from '../errors.js'
import type { CallDetails } from '../errors.js'
import type { Runtime } from '../runtime.js'
import { AbortedByCaller } from './limits.js'
import { RateWindow } from './rate-window.js'

/** How a call waits for its turn: until when, and who may end the wait. */
export interface QuotaWait {
  /** Of the call, for the error. */
  readonly details: CallDetails
  /** End of the call, on the runtime's monotonic clock. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/** Lets calls through one after another, as a quota allows. */
export interface QuotaGate {
  /**
   * Waits for this call's turn; gives nothing when it may start at once, so that most calls wait for no promise.
   *
   * @throws {AgoraQuotaError} @throws {AbortedByCaller}
   */
  enter(wait: QuotaWait): Promise<void> | undefined
}

/** A quota that this process has for itself. */
export class OwnQuotaGate implements QuotaGate {
  readonly #window: RateWindow
  readonly #name: string
  readonly #maxWaiting: number
  readonly #runtime: Runtime
  #waiting = 0

  constructor(name: string, perSecond: number, maxWaiting: number, runtime: Runtime) {
    this.#window = new RateWindow(perSecond)
    this.#name = name
    this.#maxWaiting = maxWaiting
    this.#runtime = runtime
  }

  enter(wait: QuotaWait): Promise<void> | undefined {
    const nowMs = this.#runtime.monotonicMs()
    const waitMs = this.#window.waitMs(nowMs)
    if (waitMs > 0 && (this.#waiting >= this.#maxWaiting || nowMs + waitMs >= wait.deadlineMs)) {
      throw queueFull(this.#name, waitMs, wait.details)
    }
    this.#window.reserve(nowMs)
    return waitMs === 0 ? undefined : this.#waitUntil(nowMs + waitMs, wait.signal)
  }

  async #waitUntil(startMs: number, signal: AbortSignal | undefined): Promise<void> {
    this.#waiting += 1
    try {
      // A timer may fire a little early, and a place must not be used before its time.
      for (
        let leftMs = startMs - this.#runtime.monotonicMs();
        leftMs > 0;
        leftMs = startMs - this.#runtime.monotonicMs()
      ) {
        await this.#runtime.sleep(leftMs, signal)
        if (signal?.aborted === true) throw new AbortedByCaller(signal)
      }
    } finally {
      this.#waiting -= 1
    }
  }
}

/**
 * A limiter shared by a fleet: anything with the `consume` of rate-limiter-flexible, set up for the quota it stands
 * for, for instance 500 points in 1 second for messages. It rejects with `msBeforeNext` when the quota is used up.
 */
export interface SharedLimiter {
  consume(key: string): Promise<unknown>
}

/** A quota that many processes share. Calls of this process ask one after another, so that they keep their order. */
export class SharedQuotaGate implements QuotaGate {
  readonly #limiter: SharedLimiter
  readonly #key: string
  readonly #name: string
  readonly #maxWaiting: number
  readonly #runtime: Runtime
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(name: string, limiter: SharedLimiter, key: string, maxWaiting: number, runtime: Runtime) {
    this.#limiter = limiter
    this.#key = key
    this.#name = name
    this.#maxWaiting = maxWaiting
    this.#runtime = runtime
  }

  async enter(wait: QuotaWait): Promise<void> {
    if (this.#waiting >= this.#maxWaiting) throw queueFull(this.#name, 1000, wait.details)
    this.#waiting += 1
    const turn = this.#last.then(() => this.#consume(wait))
    // The next call's turn comes whether this one got through or not.
    this.#last = turn.catch(() => undefined)
    try {
      await turn
    } finally {
      this.#waiting -= 1
    }
  }

  async #consume(wait: QuotaWait): Promise<void> {
    for (;;) {
      if (wait.signal?.aborted === true) throw new AbortedByCaller(wait.signal)
      if (this.#runtime.monotonicMs() >= wait.deadlineMs) throw queueFull(this.#name, 1000, wait.details)
      const refusedForMs = await this.#ask(wait.details)
      if (refusedForMs === undefined) return
      if (this.#runtime.monotonicMs() + refusedForMs >= wait.deadlineMs) {
        throw queueFull(this.#name, refusedForMs, wait.details)
      }
      await this.#runtime.sleep(refusedForMs, wait.signal)
    }
  }

  /** How long the limiter asks to wait; nothing when it lets the call through. */
  async #ask(details: CallDetails): Promise<number | undefined> {
    try {
      await this.#limiter.consume(this.#key)
      return undefined
    } catch (refusal) {
      if (typeof refusal === 'object' && refusal !== null && 'msBeforeNext' in refusal) {
        // Never 0: the limiter would be asked in a tight loop until its second is over.
        if (typeof refusal.msBeforeNext === 'number') return Math.max(1, refusal.msBeforeNext)
      }
      throw new AgoraQuotaError(
        'ERR_QUOTA_LIMITER',
        `The shared limiter for ${this.#name} failed, so that nobody knows whether the quota allows this call. Check the store behind it.`,
        { ...details, retryAfterMs: 1000, cause: refusal },
      )
    }
  }
}

function queueFull(name: string, waitMs: number, details: CallDetails): AgoraQuotaError {
  return new AgoraQuotaError(
    'ERR_QUOTA_QUEUE_FULL',
    `${details.method} ${details.path} was not sent: the quota of ${name} is used up, and its turn would come too late or too many calls wait already. ` +
      'Send less at a time, or raise timeoutMs or quotas.maxWaiting.',
    { ...details, retryAfterMs: Math.ceil(waitMs) },
  )
}
