import type { Authorization } from '../auth/strategy.js'
import { AgoraApiError, AgoraTimeoutError } from '../errors.js'
import type { CallAttempt, CallDetails } from '../errors.js'
import { readAnswer } from './answer.js'
import type { ApiAnswer } from './answer.js'
import { familyOf } from './call.js'
import type { Call, CallResult } from './call.js'
import { traceAttempt } from './diagnostics.js'
import type { AttemptTrace } from './diagnostics.js'
import { exchange } from './exchange.js'
import type { Route } from './host-router.js'
import { AbortedByCaller, TimeLimitReached, withinLimits } from './limits.js'
import { refusalError } from './refusal.js'
import { backOff, decideRetry, failureClassOfStatus, repeatabilityOf } from './retry.js'
import type { TransportOptions } from './transport.js'
import { abortError, unanswered } from './unanswered.js'
import type { Failed } from './unanswered.js'

const maxAnswerBytes = 10 * 1024 * 1024

/** What Agora asks to wait is honoured up to here; a longer wait is for the caller to decide. */
const maxRetryAfterMs = 30_000

/**
 * One call on its way: it keeps to the quota, authorizes, sends, and tries again where that is safe, all within one
 * deadline.
 */
export class CallInProgress {
  readonly #call: Call
  readonly #options: TransportOptions
  readonly #attempts: CallAttempt[]
  readonly #details: CallDetails
  readonly #deadlineMs: number
  readonly #route: Route
  #waitedMs = 0

  /** @param attempts Filled in as the call goes on. */
  constructor(call: Call, options: TransportOptions, attempts: CallAttempt[], deadlineMs: number) {
    this.#call = call
    this.#options = options
    this.#attempts = attempts
    this.#details = { method: call.method, path: call.path, attempts }
    this.#deadlineMs = deadlineMs
    const isEventQueue = call.operation === 'user-events' || call.operation === 'channel-events'
    this.#route = options.router.route(familyOf(call), isEventQueue)
  }

  async run(): Promise<CallResult> {
    try {
      return await this.#runToItsEnd()
    } catch (error) {
      // The call may have been the one to probe a host that was down, and never have got there: the next one may.
      this.#route.undecided()
      throw error
    }
  }

  async #runToItsEnd(): Promise<CallResult> {
    const { operation, method, retryUnsafe = false } = this.#call
    const limits = { maxAttempts: this.#options.maxAttempts, retryUnsafe }
    const repeatability = repeatabilityOf(operation, method)
    let failures = 0
    let hasRenewed = false
    let possibleLoss = false
    for (;;) {
      this.#refuseAborted()
      await this.#waitForQuota()
      const authorization = await this.#authorize()
      const outcome = await this.#attempt(authorization)
      if ('status' in outcome && outcome.status < 300) return { ...this.#requireJson(outcome), possibleLoss }
      if (
        'status' in outcome &&
        outcome.status === 401 &&
        !hasRenewed &&
        this.#renew(authorization, outcome)
      ) {
        hasRenewed = true
        continue
      }
      failures += 1
      const failed = 'status' in outcome ? this.#refused(outcome, authorization) : outcome
      const decision = decideRetry(failed.failure, repeatability, failures, limits)
      if (decision === undefined || !(await this.#pause(failed, failures))) throw failed.error
      possibleLoss ||= decision.possibleLoss
      this.#route.next(decision.next)
    }
  }

  #refuseAborted(): void {
    const { signal } = this.#call
    if (signal?.aborted === true) throw abortError(this.#details, new AbortedByCaller(signal))
  }

  async #waitForQuota(): Promise<void> {
    const { quotas, runtime } = this.#options
    const { operation, channel, signal } = this.#call
    const turn = quotas.enter(operation, channel, {
      details: this.#details,
      deadlineMs: this.#deadlineMs,
      signal,
    })
    if (turn === undefined) return
    const startedMs = runtime.monotonicMs()
    await this.#withAbort(turn)
    this.#waitedMs += runtime.monotonicMs() - startedMs
  }

  /** A token may have to be fetched first: the limits of the call hold for that too. */
  async #authorize(): Promise<Authorization> {
    const authorization = this.#options.auth.authorize(this.#call.userId)
    if (!(authorization instanceof Promise)) return authorization
    const timeoutMs = this.#deadlineMs - this.#options.runtime.monotonicMs()
    try {
      return await this.#withAbort(withinLimits(authorization, { timeoutMs, signal: this.#call.signal }))
    } catch (reason) {
      if (reason instanceof TimeLimitReached) {
        throw new AgoraTimeoutError('The token was not supplied in time (timeoutMs).', this.#details)
      }
      throw reason
    }
  }

  async #withAbort<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work
    } catch (reason) {
      throw reason instanceof AbortedByCaller ? abortError(this.#details, reason) : reason
    }
  }

  /** One request on the wire: its answer, whatever it says, or why there is none. */
  async #attempt(authorization: Authorization): Promise<ApiAnswer | Failed> {
    const { operation, method, path } = this.#call
    const { origin } = this.#route
    const host = origin.slice(origin.indexOf('//') + 2)
    const waitedMs = Math.round(this.#waitedMs)
    this.#waitedMs = 0
    const attempt = this.#attempts.length + 1
    const trace: AttemptTrace = { operation, method, path, host, attempt, waitedMs }
    const outcome = await traceAttempt(trace, () => this.#exchange(authorization, origin, host, trace))
    this.#options.log.debug(`${method} ${path} → ${trace.status ?? trace.failure}`, trace)
    return outcome
  }

  async #exchange(
    authorization: Authorization,
    origin: string,
    host: string,
    trace: AttemptTrace,
  ): Promise<ApiAnswer | Failed> {
    const call = this.#call
    const { connections, runtime, attemptTimeoutMs } = this.#options
    const startedMs = runtime.monotonicMs()
    const leftMs = this.#deadlineMs - startedMs
    const attemptMs = call.waitsForReceiver === true ? 2 * attemptTimeoutMs : attemptTimeoutMs
    const record = (outcome: Pick<CallAttempt, 'status' | 'failure'>): void => {
      const durationMs = Math.round(runtime.monotonicMs() - startedMs)
      Object.assign(trace, outcome, { durationMs })
      this.#attempts.push({ host, ...outcome, durationMs, waitedMs: trace.waitedMs })
    }
    try {
      const answer = await exchange(
        connections.to(origin),
        {
          origin,
          method: call.method,
          target: call.query === undefined ? call.path : `${call.path}?${call.query}`,
          headers: { ...(call.body === undefined ? headers : headersWithBody), ...authorization.headers },
          body: call.body,
        },
        { timeoutMs: Math.min(leftMs, attemptMs), signal: call.signal, maxBodyBytes: maxAnswerBytes },
      )
      record({ status: answer.status })
      this.#route.answered()
      return readAnswer(answer, this.#attempts, authorization.secrets)
    } catch (reason) {
      const failed = unanswered(reason, host, this.#details, leftMs <= attemptMs)
      record(
        failed.error instanceof AgoraApiError
          ? { status: failed.error.upstreamStatus }
          : { failure: failed.error.code },
      )
      if (failed.failure === 'final') this.#route.undecided()
      else this.#route.failedHard()
      return failed
    }
  }

  /** After a 401: whether there is something new to try, a fresh token or one made by the server's clock. */
  #renew(refused: Authorization, answer: ApiAnswer): boolean {
    const renewal = this.#options.auth.renew(this.#call.userId, refused, answer.serverTimeMs)
    if (renewal?.clockSkewMs !== undefined) {
      const seconds = Math.round(renewal.clockSkewMs / 1000)
      this.#options.log.warn(
        `The clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} Agora's. Tokens are made with Agora's time from now on; set the clock right (NTP).`,
        { clockSkewMs: renewal.clockSkewMs },
      )
    }
    return renewal !== undefined
  }

  #requireJson(answer: ApiAnswer): ApiAnswer {
    if (answer.notJson === undefined) return answer
    const { method, path } = this.#call
    throw new AgoraApiError(
      'ERR_INVALID_RESPONSE',
      `Expected JSON from ${method} ${path}, got: ${answer.notJson}`,
      {
        ...this.#details,
        upstreamStatus: answer.status,
        requestId: answer.requestId,
      },
    )
  }

  #refused(answer: ApiAnswer, authorization: Authorization): Failed {
    const error = refusalError(answer, {
      ...this.#details,
      operation: this.#call.operation,
      explainUnauthorized: () => authorization.explainRefusal(),
    })
    return { error, failure: failureClassOfStatus(answer.status), retryAfterMs: answer.retryAfterMs }
  }

  /** Waits before another attempt; `false` when the wait would be too long for the call. */
  async #pause(failed: Failed, failures: number): Promise<boolean> {
    const { runtime, log } = this.#options
    const { method, path, signal } = this.#call
    const waitMs = failed.retryAfterMs ?? backOff(failures, runtime.random)
    if (waitMs > maxRetryAfterMs || runtime.monotonicMs() + waitMs >= this.#deadlineMs) return false
    log.warn(
      `${method} ${path} failed (${failed.error.code}) and is tried again in ${Math.round(waitMs)} ms.`,
      {
        attempts: this.#attempts,
      },
    )
    await runtime.sleep(waitMs, signal)
    this.#waitedMs += waitMs
    this.#refuseAborted()
    return true
  }
}

const headers = { accept: 'application/json', 'user-agent': 'agora-signaling-node' } as const
const headersWithBody = { ...headers, 'content-type': 'application/json' } as const
