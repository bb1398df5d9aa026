import { AgoraQuotaError, AgoraTimeoutError } from '../errors.js'
import type { CallDetails } from '../errors.js'
import type { Runtime } from '../runtime.js'
import { TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'
import type { QuotaGate, QuotaPlace, QuotaWait } from './quota-gate.js'
import { QuotaLine, queueFull } from './quota-line.js'

/**
 * A limiter shared by a fleet, set up for the quota it stands for, for instance 500 messages a second. `consume` takes one
 * place; it rejects with an object that has `msBeforeNext`, in milliseconds, when the quota is used up.
 */
export interface SharedLimiter {
  consume(key: string): Promise<unknown>
}

/** Questions to the limiter at the same time. With one alone, its answer time would limit the rate. */
const maxAsking = 32

/** A question without an answer counts as lost after this time. Then another one may be asked. */
const lostAfterMs = 5000

/** An older place is not used: the limiter counted it too long before its request starts. */
export const placeIsFreshMs = 100

/** A quota that many processes share. Places go to the calls of this process in their order. */
export class SharedQuotaGate implements QuotaGate {
  readonly #limiter: SharedLimiter
  readonly #key: string
  readonly #name: string
  readonly #maxWaiting: number
  readonly #runtime: Runtime
  readonly #line: QuotaLine
  #asking = 0
  /** Doubles with each place and falls to one with a refusal, so that a waiting fleet does not ask all at once. */
  #mayAsk = maxAsking
  #pause: { readonly untilMs: number; readonly end: AbortController } | undefined
  #answeredMs = -Infinity

  constructor(name: string, limiter: SharedLimiter, key: string, maxWaiting: number, runtime: Runtime) {
    this.#limiter = limiter
    this.#key = key
    this.#name = name
    this.#maxWaiting = maxWaiting
    this.#runtime = runtime
    this.#line = new QuotaLine(() => this.#onLeft())
  }

  enter(wait: QuotaWait): Promise<QuotaPlace> {
    const enteredMs = this.#runtime.monotonicMs()
    const pauseMs = (this.#pause?.untilMs ?? enteredMs) - enteredMs
    const isAskedForAtOnce = this.#pause === undefined && this.#asking < this.#mayAsk
    if (
      enteredMs + pauseMs >= wait.deadlineMs ||
      (!isAskedForAtOnce && this.#line.size - this.#asking >= this.#maxWaiting)
    ) {
      throw queueFull(this.#name, pauseMs > 0 ? pauseMs : 1000, wait.details)
    }
    const turn = this.#line.join(wait, wait.deadlineMs - enteredMs, () => this.#late(wait, enteredMs))
    this.#ask()
    return turn
  }

  /** Hands on a place that its call gave up. If no call waits, the place is lost, which breaks no limit. */
  givenUp(askedMs: number): void {
    if (this.isFresh(askedMs)) this.#line.serveFirst(new SharedPlace(this, askedMs))
  }

  isFresh(askedMs: number): boolean {
    return this.#runtime.monotonicMs() - askedMs <= placeIsFreshMs
  }

  #ask(): void {
    while (this.#pause === undefined && this.#asking < this.#mayAsk && this.#asking < this.#line.size) {
      this.#asking += 1
      void this.#askOnce()
    }
  }

  async #askOnce(): Promise<void> {
    const askedMs = this.#runtime.monotonicMs()
    const answer = await this.#answerOf(this.#consume())
    this.#asking -= 1
    if (answer !== 'lost') this.#answeredMs = this.#runtime.monotonicMs()
    if (answer === 'granted') {
      this.#mayAsk = Math.min(maxAsking, this.#mayAsk * 2)
      this.#line.serveFirst(new SharedPlace(this, askedMs))
    } else if (answer !== 'lost') {
      if (answer.refusedForMs === undefined)
        this.#line.failFirst((details) => this.#failed(details, answer.cause))
      else this.#pauseFor(answer.refusedForMs)
    }
    this.#ask()
  }

  async #consume(): Promise<void> {
    await this.#limiter.consume(this.#key)
  }

  async #answerOf(
    question: Promise<void>,
  ): Promise<'granted' | 'lost' | { readonly refusedForMs: number | undefined; readonly cause: unknown }> {
    try {
      await withinTimeLimits(question, { timeoutMs: lostAfterMs })
      return 'granted'
    } catch (cause) {
      return cause instanceof TimeLimitReached ? 'lost' : { refusedForMs: refusedForMs(cause), cause }
    }
  }

  #pauseFor(ms: number): void {
    this.#mayAsk = 1
    if (this.#pause !== undefined) return
    const untilMs = this.#runtime.monotonicMs() + ms
    // Calls whose turn would come too late fail now.
    for (;;) {
      const deadlineMs = this.#line.firstDeadlineMs
      if (deadlineMs === undefined || deadlineMs > untilMs) break
      this.#line.failFirst((details) => queueFull(this.#name, ms, details))
    }
    if (this.#line.size === 0) return
    const end = new AbortController()
    this.#pause = { untilMs, end }
    void this.#runtime.sleep(ms, end.signal).then(() => {
      this.#pause = undefined
      this.#ask()
    })
  }

  /** Ends the pause when no call waits: its timer would keep the process alive. */
  #onLeft(): void {
    if (this.#line.size === 0) this.#pause?.end.abort()
  }

  #late(wait: QuotaWait, enteredMs: number): Error {
    if (this.#answeredMs >= enteredMs) return queueFull(this.#name, 1000, wait.details)
    return new AgoraTimeoutError(
      `${wait.details.method} ${wait.details.path} was not sent: the shared limiter of quotas.${this.#name} did not answer in time (timeoutMs). Check the store behind it.`,
      wait.details,
    )
  }

  #failed(details: CallDetails, cause: unknown): AgoraQuotaError {
    return new AgoraQuotaError(
      'ERR_QUOTA_LIMITER',
      `The shared limiter of quotas.${this.#name} failed, so that nobody knows whether the quota allows this call. Check the store behind it.`,
      { ...details, retryAfterMs: 1000, cause },
    )
  }
}

class SharedPlace implements QuotaPlace {
  readonly #gate: SharedQuotaGate
  readonly #askedMs: number
  #isUsed = false

  constructor(gate: SharedQuotaGate, askedMs: number) {
    this.#gate = gate
    this.#askedMs = askedMs
  }

  start(): boolean {
    this.#isUsed ||= this.#gate.isFresh(this.#askedMs)
    return this.#isUsed
  }

  answered(): void {
    this.#isUsed = true
  }

  giveUp(): void {
    if (this.#isUsed) return
    this.#isUsed = true
    this.#gate.givenUp(this.#askedMs)
  }
}

/** The longest pause that is believed. After it the limiter is asked again. */
const maxPauseMs = 60_000

/** How long the limiter asks to wait. `undefined` when it does not say so. */
function refusedForMs(refusal: unknown): number | undefined {
  if (typeof refusal !== 'object' || refusal === null || !('msBeforeNext' in refusal)) return undefined
  const { msBeforeNext } = refusal
  if (typeof msBeforeNext !== 'number' || Number.isNaN(msBeforeNext)) return undefined
  // Never 0: the limiter would be asked in a tight loop until its second is over.
  return Math.min(maxPauseMs, Math.max(1, msBeforeNext))
}
