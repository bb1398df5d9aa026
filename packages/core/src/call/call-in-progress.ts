import type { Authorization } from '../auth/strategy.js'
import { AgoraTimeoutError, isAgoraError } from '../errors.js'
import type { CallAttempt, CallDetails } from '../errors.js'
import { readAnswer } from '../wire/answer.js'
import type { ApiAnswer } from '../wire/answer.js'
import type { Call, CallResult } from './call.js'
import { traceAttempt } from './diagnostics.js'
import type { AttemptTrace } from './diagnostics.js'
import { PermitTooOld, exchange, requestHadStarted } from '../wire/exchange.js'
import type { ReceivedAnswer } from '../wire/exchange.js'
import { requireGenuine } from './genuine-answer.js'
import { familyOf } from '../hosts/areas.js'
import type { Route } from '../hosts/host-router.js'
import { AbortedByCaller, TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'
import type { QuotaPlace, QuotaWait } from '../quota/quota-gate.js'
import { refusalError } from './refusal.js'
import { backOff, decideRetry, repeatabilityOf } from './retry.js'
import type { RetryDecision } from './retry.js'
import { shownPath } from '../shown-path.js'
import type { TransportOptions } from './transport-options.js'
import { abortError, failureClassOfStatus, nameFailure } from '../wire/failure.js'
import type { Failed } from '../wire/failure.js'

const maxAnswerBytes = 10 * 1024 * 1024

/** The client waits as long as Agora asks, up to this. It leaves a longer wait to whoever made the call. */
const maxRetryAfterMs = 30_000

/**
 * One call on its way. It waits for the quota, authorizes, sends, and tries again where that is safe. One deadline covers
 * all of it.
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
   * @param signal Ends the call early. It replaces the signal in `call`.
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
    this.#route = options.router.route(familyOf(call.path), call.operation.isPinned === true)
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
      // The quota comes last, so that the request starts as soon as it has a place.
      const turn = this.#options.quotas.enter(this.#call.operation.limit, this.#call.channel, this)
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

  /** The call has failed. Releases the probe slot if this call held it, so that the next call may probe the host. */
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

  /** Fetching a token takes time, too. The deadline and the signal of the call end that wait. */
  #waitForToken(authorizing: Promise<Authorization>): Promise<Authorization> {
    return this.#withinCall(authorizing, 'was not sent: its token was not supplied in time (timeoutMs)')
  }

  /** @param late What to say when the deadline of the call comes first. */
  async #withinCall<Value>(work: Promise<Value>, late: string): Promise<Value> {
    const timeoutMs = this.deadlineMs - this.#options.runtime.monotonicMs()
    try {
      return await this.#withAbort(withinTimeLimits(work, { timeoutMs, signal: this.signal }))
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

  /** One request on the wire. Gives its answer, also a refusal, or the reason why there is none. */
  #attempt(authorization: Authorization, place: QuotaPlace | undefined): Promise<ApiAnswer | Failed> {
    const { method, path } = this.details
    const { origin } = this.#route
    const trace: AttemptTrace = {
      operation: this.#call.operation.name,
      method,
      path,
      host: origin.slice(origin.indexOf('//') + 2),
      attempt: this.#attempts.length + 1,
      waitedMs: Math.round(this.#waitedMs),
    }
    this.#waitedMs = 0
    return traceAttempt(trace, () => this.#send(authorization, origin, trace, place))
  }

  async #send(
    authorization: Authorization,
    origin: string,
    trace: AttemptTrace,
    place: QuotaPlace | undefined,
  ): Promise<ApiAnswer | Failed> {
    const { operation, channel, method, path, query, body, finishesOnceStarted } = this.#call
    const { connections, runtime, quotas, attemptTimeoutMs } = this.#options
    const startedMs = runtime.monotonicMs()
    const leftMs = this.deadlineMs - startedMs
    const waitsForReceiver = query !== undefined && query === operation.waitsForReceiverWith
    const attemptMs = waitsForReceiver ? 2 * attemptTimeoutMs : attemptTimeoutMs
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
      if (reason instanceof PermitTooOld) {
        // The connection was slow to come. It is there now, so the request needs a fresh place only.
        const { details, deadlineMs, signal } = this
        const turn = quotas.enter(operation.limit, channel, { details, deadlineMs, signal, comesBack: true })
        return this.#send(
          authorization,
          origin,
          trace,
          turn instanceof Promise ? await this.#withAbort(turn) : turn,
        )
      }
      const failed = nameFailure(reason, trace.host, this.details, leftMs <= attemptMs)
      const { error } = failed
      const status = isAgoraError(error) && 'upstreamStatus' in error ? error.upstreamStatus : undefined
      this.#record(trace, startedMs, status ?? error.code, requestHadStarted(reason))
      if (failed.failure === 'final') this.#route.undecided()
      else this.#route.failedHard()
      return failed
    }
  }

  /** Reads an answer, and the time at Agora from its `Date` header. */
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

  /** Waits before another attempt. Gives `false` at once when the call has no time for the wait. */
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

function headersOf({ headers }: Authorization, body: string | undefined): Record<string, string> {
  const contentType = body === undefined ? undefined : { 'content-type': 'application/json' }
  return { accept: 'application/json', 'user-agent': userAgent, ...contentType, ...headers }
}

const userAgent = 'agora-signaling-node'
