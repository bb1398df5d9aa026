import { AgoraValidationError } from '../errors.js'
import { CallInProgress } from './call-in-progress.js'
import type { Call, Carrier, CallResult } from './call.js'
import { traceCall } from './diagnostics.js'
import type { CallTrace } from './diagnostics.js'
import { isTimeoutMs, timeoutRule } from '../input/times.js'
import { shortenedId } from '../shown-path.js'
import type { TransportOptions } from './transport-options.js'

/** Carries the calls of a client and all its views. */
export class Transport implements Carrier {
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
   * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a `timeoutMs` out of range.
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
    const trace: CallTrace = { operation: operation.name, method, path, appId: this.#shownAppId, attempts }
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
