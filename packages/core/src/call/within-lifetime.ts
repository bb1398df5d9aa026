import type { Call, Carrier, CallResult } from './call.js'
import { untilFirstAborted } from '../waiting/time-limits.js'

/** Carries the calls that are made for a request of the host application. They end early when that request ends. */
export class WithinLifetime implements Carrier {
  readonly #carrier: Carrier
  readonly #lifetime: () => AbortSignal

  /** @param lifetime Asked at the first call, so that a request without a call costs nothing. */
  constructor(carrier: Carrier, lifetime: () => AbortSignal) {
    this.#carrier = carrier
    this.#lifetime = lifetime
  }

  call(call: Call): Promise<CallResult> {
    const lifetime = this.#lifetime()
    if (call.signal === undefined) return this.#carrier.call(call, lifetime)
    return untilFirstAborted([call.signal, lifetime], (signal) => this.#carrier.call(call, signal))
  }
}
