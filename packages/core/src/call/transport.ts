import { AgoraValidationError } from '../errors.js'
import { CallInProgress } from './call-in-progress.js'
import type { Call, Carrier, CallResult } from './call.js'
import { traceCall } from './diagnostics.js'
import type { CallTrace } from './diagnostics.js'
import { isTimeoutMs, timeoutRule } from '../input/times.js'
import { shortenedId, shownPath } from '../shown-path.js'
import type { TransportOptions } from './transport-options.js'

/** Carries the calls of a client and all its views. */
export class Transport implements Carrier {
  readonly #options: TransportOptions

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /**
   * @throws {AgoraApiError} Agora refused.
   * @throws {AgoraConnectionError | AgoraTimeoutError | AgoraAbortError} There is no answer.
   * @throws {AgoraQuotaError} The call was not sent.
   * @throws {AgoraConfigError} `ERR_CLIENT_CLOSED`
   * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a `timeoutMs` out of range.
   */
  async call(call: Call, signal: AbortSignal | undefined = call.signal): Promise<CallResult> {
    const { connections, runtime, appId } = this.#options
    const timeoutMs = call.timeoutMs ?? this.#options.timeoutMs
    if (!isTimeoutMs(timeoutMs)) {
      throw new AgoraValidationError('ERR_INVALID_ARGUMENT', 'timeoutMs', `timeoutMs ${timeoutRule}.`)
    }
    connections.beginCall()
    const { operation, method } = call
    const trace: CallTrace = {
      operation: operation.name,
      method,
      path: shownPath(call.path),
      appId: shortenedId(appId),
      attempts: call.attempts ?? [],
    }
    const deadlineMs = runtime.monotonicMs() + timeoutMs
    const inProgress = new CallInProgress(call, signal, this.#options, trace.attempts, deadlineMs)
    try {
      const loading = connections.load()
      if (loading !== undefined) await loading
      return await traceCall(trace, () => inProgress.run())
    } catch (error) {
      inProgress.giveUp()
      throw error
    } finally {
      connections.endCall()
    }
  }
}
