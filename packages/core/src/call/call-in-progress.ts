import type { Authorization } from '../auth/strategy.js'
import { AgoraTimeoutError, isAgoraError } from '../errors.js'
import type { CallAttempt, CallDetails } from '../errors.js'
import { readAnswer } from '../wire/answer.js'
import type { ApiAnswer } from '../wire/answer.js'
import { familyOf } from './call.js'
import type { Call, CallResult } from './call.js'
import { traceAttempt } from './diagnostics.js'
import type { AttemptTrace } from './diagnostics.js'
import { PlaceTooOld, exchange, requestHadStarted } from '../wire/exchange.js'
import type { ReceivedAnswer } from '../wire/exchange.js'
import { requireGenuine } from './genuine-answer.js'
import type { Route } from '../hosts/host-router.js'
import { AbortedByCaller, TimeLimitReached, withinLimits } from '../waiting/time-limits.js'
import type { QuotaPlace, QuotaWait } from '../quota/quota-gate.js'
import { refusalError } from './refusal.js'
import { backOff, decideRetry, failureClassOfStatus, repeatabilityOf } from './retry.js'
import type { RetryDecision } from './retry.js'
import { shownPath } from '../shown-path.js'
import type { TransportOptions } from './transport.js'
import { abortError, unanswered } from '../wire/unanswered.js'
import type { Failed } from '../wire/unanswered.js'

const maxAnswerBytes = 10 * 1024 * 1024

/** What Agora asks to wait is honoured up to here; a longer wait is for the caller to decide. */
const maxRetryAfterMs = 30_000

/**
 * One call on its way: it keeps to the quota, authorizes, sends, and tries again where that is safe, all within one
 * deadline.
 */
export class CallInProgress implements QuotaWait {
  readonly details: CallDetails
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
  readonly #call: Call
  readonly #options: TransportOptions
  readonly #attempts: CallAttempt[]
  readonly #route: Route
  #waitedMs = 0

  /**
   * @param signal Ends the call early, instead of the one in `call`.
   * @param attempts Filled in as the call goes on.
   */
  constructor(
    call: Call,
    signal: AbortSignal | undefined,
    options: TransportOptions,
    attempts: CallAttempt[],
    deadlineMs: number,
  ) {
    this.details = { method: call.method, path: shownPath(call.path), attempts }
    this.deadlineMs = deadlineMs
    this.signal = signal
    this.#call = call
    this.#options = options
    this.#attempts = attempts
    const isEventQueue = call.operation === 'user-events' || call.operation === 'channel-events'
    this.#route = options.router.route(familyOf(call), isEventQueue)
  }

  async run(): Promise<CallResult> {
    let failures = 0
    let hasRenewed = false
    let possibleLoss = false
    for (;;) {
      this.#refuseAborted()
      const authorizing = this.#options.auth.authorize(this.#call.userId, this.#options.clock)
      const authorization =
        authorizing instanceof Promise ? await this.#waitForToken(authorizing) : authorizing
      // Last, so that the request follows its place in the quota at once.
      const turn = this.#options.quotas.enter(this.#call.operation, this.#call.channel, this)
      const place = turn instanceof Promise ? await this.#waitForTurn(turn) : turn
      const outcome = await this.#attempt(authorization, place)
      const answer = 'status' in outcome ? outcome : undefined
      if (answer !== undefined && answer.status < 300) {
        requireGenuine(this.#call, answer, this.details)
        return { answer, attempts: this.#attempts, possibleLoss }
      }
      if (
        answer?.status === 401 &&
        !hasRenewed &&
        this.#options.auth.renew(this.#call.userId, authorization)
      ) {
        hasRenewed = true
        continue
      }
      failures += 1
      const failed = 'status' in outcome ? this.#refused(outcome, authorization) : outcome
      const decision = this.#decide(failed, failures)
      if (decision === undefined || !(await this.#pause(failed, failures))) throw failed.error
      possibleLoss ||= decision.possibleLoss
      this.#route.next(decision.next)
    }
  }

  /** The call has failed. It may have been the one to probe a host that was down, and never have got there: the next one may. */
  giveUp(): void {
    this.#route.undecided()
  }

  #decide({ failure }: Failed, failures: number): RetryDecision | undefined {
    const { operation, method, retryUnsafe = false } = this.#call
    const { maxAttempts } = this.#options
    return decideRetry(failure, repeatabilityOf(operation, method), failures, { maxAttempts, retryUnsafe })
  }

  #refuseAborted(): void {
    if (this.signal?.aborted === true) throw abortError(this.details, new AbortedByCaller(this.signal))
  }

  async #waitForTurn(turn: Promise<QuotaPlace>): Promise<QuotaPlace> {
    const { runtime } = this.#options
    const startedMs = runtime.monotonicMs()
    const place = await this.#withAbort(turn)
    this.#waitedMs += runtime.monotonicMs() - startedMs
    return place
  }

  /** A token may have to be fetched first: the limits of the call hold for that too. */
  #waitForToken(authorizing: Promise<Authorization>): Promise<Authorization> {
    return this.#withinCall(authorizing, 'was not sent: its token was not supplied in time (timeoutMs)')
  }

  /** @param late What to say when the deadline of the call comes first. */
  async #withinCall<Value>(work: Promise<Value>, late: string): Promise<Value> {
    const timeoutMs = this.deadlineMs - this.#options.runtime.monotonicMs()
    try {
      return await this.#withAbort(withinLimits(work, { timeoutMs, signal: this.signal }))
    } catch (reason) {
      if (!(reason instanceof TimeLimitReached)) throw reason
      throw new AgoraTimeoutError(`${this.#call.method} ${this.#call.path} ${late}.`, this.details)
    }
  }

  async #withAbort<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work
    } catch (reason) {
      throw reason instanceof AbortedByCaller ? abortError(this.details, reason) : reason
    }
  }

  /** One request on the wire: its answer, whatever it says, or why there is none. */
  #attempt(authorization: Authorization, place: QuotaPlace | undefined): Promise<ApiAnswer | Failed> {
    const { operation } = this.#call
    const { method, path } = this.details
    const { origin } = this.#route
    const trace: AttemptTrace = {
      operation,
      method,
      path,
      host: origin.slice(origin.indexOf('//') + 2),
      attempt: this.#attempts.length + 1,
      waitedMs: Math.round(this.#waitedMs),
    }
    this.#waitedMs = 0
    return traceAttempt(trace, () => this.#exchange(authorization, origin, trace, place))
  }

  async #exchange(
    authorization: Authorization,
    origin: string,
    trace: AttemptTrace,
    place: QuotaPlace | undefined,
  ): Promise<ApiAnswer | Failed> {
    const { method, path, query, body, waitsForReceiver, finishesOnceStarted } = this.#call
    const { connections, runtime, quotas, attemptTimeoutMs } = this.#options
    const startedMs = runtime.monotonicMs()
    const leftMs = this.deadlineMs - startedMs
    const attemptMs = waitsForReceiver === true ? 2 * attemptTimeoutMs : attemptTimeoutMs
    try {
      const answer = await exchange(
        connections.to(origin),
        {
          origin,
          method,
          target: query === undefined ? path : `${path}?${query}`,
          headers: headersOf(authorization, body),
          body,
        },
        {
          timeoutMs: Math.min(leftMs, attemptMs),
          signal: this.signal,
          maxBodyBytes: maxAnswerBytes,
          finishesOnceStarted,
        },
        place,
      )
      this.#record(trace, startedMs, answer.status, true)
      this.#route.answered()
      return this.#read(answer, authorization, origin, runtime.monotonicMs() - startedMs)
    } catch (reason) {
      if (reason instanceof PlaceTooOld) {
        // The connection took its time, and is there now.
        const { operation, channel } = this.#call
        const { details, deadlineMs, signal } = this
        const turn = quotas.enter(operation, channel, { details, deadlineMs, signal, comesBack: true })
        return this.#exchange(
          authorization,
          origin,
          trace,
          turn instanceof Promise ? await this.#withAbort(turn) : turn,
        )
      }
      const failed = unanswered(reason, trace.host, this.details, leftMs <= attemptMs)
      const { error } = failed
      const status = isAgoraError(error) && 'upstreamStatus' in error ? error.upstreamStatus : undefined
      this.#record(trace, startedMs, status ?? error.code, requestHadStarted(reason))
      if (failed.failure === 'final') this.#route.undecided()
      else this.#route.failedHard()
      return failed
    }
  }

  /** An answer also says what time it is at Agora. */
  #read(
    received: ReceivedAnswer,
    authorization: Authorization,
    origin: string,
    durationMs: number,
  ): ApiAnswer {
    const { clock } = this.#options
    const { path, query, body } = this.#call
    const sent = { secrets: authorization.secrets, path, query, body, shownPath: this.details.path }
    const answer = readAnswer(received, sent, clock.nowMs())
    const { status, date } = answer
    const isEmulator = answer.emulatorReason !== undefined && origin.startsWith('http:')
    clock.hear({ status, date, durationMs, isEmulator })
    return answer
  }

  /** @param outcome HTTP status, or the code of a failure. */
  #record(trace: AttemptTrace, startedMs: number, outcome: number | string, requestStarted: boolean): void {
    const { log, runtime } = this.#options
    const { host, waitedMs } = trace
    const durationMs = Math.round(runtime.monotonicMs() - startedMs)
    trace.durationMs = durationMs
    if (typeof outcome === 'number') {
      trace.status = outcome
      this.#attempts.push({ host, status: outcome, requestStarted, durationMs, waitedMs })
    } else {
      trace.failure = outcome
      this.#attempts.push({ host, failure: outcome, requestStarted, durationMs, waitedMs })
    }
    if (log.debugs) log.debug(`${trace.method} ${trace.path} → ${outcome}`, trace)
  }

  #refused(answer: ApiAnswer, authorization: Authorization): Failed {
    const { appId, clock } = this.#options
    const error = refusalError(answer, {
      ...this.details,
      operation: this.#call.operation,
      explainUnauthorized: () => authorization.explainRefusal({ appId, clock }),
    })
    return { error, failure: failureClassOfStatus(answer.status), retryAfterMs: answer.retryAfterMs }
  }

  /** Waits before another attempt; `false` when the wait would be too long for the call. */
  async #pause(failed: Failed, failures: number): Promise<boolean> {
    const { runtime, log } = this.#options
    const { method, path } = this.details
    const waitMs = failed.retryAfterMs ?? backOff(failures, runtime.random)
    if (waitMs > maxRetryAfterMs || runtime.monotonicMs() + waitMs >= this.deadlineMs) return false
    log.warn(
      `${method} ${path} failed (${failed.error.code}) and is tried again in ${Math.round(waitMs)} ms.`,
      {
        attempts: this.#attempts,
      },
    )
    const sleeping = runtime.sleep(waitMs, this.signal)
    await this.#withinCall(sleeping, 'was ended by timeoutMs in the pause before another attempt')
    this.#waitedMs += waitMs
    this.#refuseAborted()
    return true
  }
}

/** The spread stands last, where it takes 20 ns and not 500: this is done for each request. */
function headersOf({ headers }: Authorization, body: string | undefined): Record<string, string> {
  return body === undefined
    ? { accept: 'application/json', 'user-agent': userAgent, ...headers }
    : { accept: 'application/json', 'user-agent': userAgent, 'content-type': 'application/json', ...headers }
}

const userAgent = 'agora-signaling-node'
