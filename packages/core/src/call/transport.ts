import type { AgoraClock } from '../auth/agora-clock.js'
import type { AuthStrategy } from '../auth/strategy.js'
import { AgoraValidationError } from '../errors.js'
import type { Log } from '../logger.js'
import type { Runtime } from '../runtime.js'
import { CallInProgress } from './call-in-progress.js'
import type { Call, Caller, CallResult } from './call.js'
import type { Connections } from '../wire/connections.js'
import { traceCall } from './diagnostics.js'
import type { CallTrace } from './diagnostics.js'
import type { HostRouter } from '../hosts/host-router.js'
import { isTimeoutMs, timeoutRule } from '../waiting/time-limits.js'
import { shortenedId } from '../shown-path.js'
import type { Quotas } from '../quota/quotas.js'

/** What every call of a client shares. */
export interface TransportOptions {
  readonly appId: string
  readonly auth: AuthStrategy
  readonly clock: AgoraClock
  readonly connections: Connections
  readonly router: HostRouter
  readonly quotas: Quotas
  /** For a whole call. */
  readonly timeoutMs: number
  /** For one attempt. */
  readonly attemptTimeoutMs: number
  readonly maxAttempts: number
  readonly log: Log
  readonly runtime: Runtime
}

/** Carries the calls of a client and all its views. */
export class Transport implements Caller {
  readonly #options: TransportOptions
  readonly #shownAppId: string

  constructor(options: TransportOptions) {
    this.#options = options
    this.#shownAppId = shortenedId(options.appId)
  }

  /**
   * @throws {AgoraApiError} Agora refused.
   * @throws {AgoraConnectionError | AgoraTimeoutError | AgoraAbortError} There is no answer.
   * @throws {AgoraQuotaError} The call was not sent.
   * @throws {AgoraConfigError} `ERR_CLIENT_CLOSED`
   * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a `timeoutMs` that is none.
   */
  async call(call: Call, signal: AbortSignal | undefined = call.signal): Promise<CallResult> {
    const { connections, runtime } = this.#options
    const timeoutMs = call.timeoutMs ?? this.#options.timeoutMs
    if (!isTimeoutMs(timeoutMs)) {
      throw new AgoraValidationError('ERR_INVALID_ARGUMENT', 'timeoutMs', `timeoutMs ${timeoutRule}.`)
    }
    connections.beginCall()
    const { operation, method } = call
    const attempts = call.attempts ?? []
    const deadlineMs = runtime.monotonicMs() + timeoutMs
    const inProgress = new CallInProgress(call, signal, this.#options, attempts, deadlineMs)
    const { path } = inProgress.details
    const trace: CallTrace = { operation, method, path, appId: this.#shownAppId, attempts }
    try {
      await connections.load()
      return await traceCall(trace, () => inProgress.run())
    } catch (error) {
      inProgress.giveUp()
      throw error
    } finally {
      connections.endCall()
    }
  }
}
