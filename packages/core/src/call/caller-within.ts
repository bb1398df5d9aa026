import type { Call, Caller, CallResult } from './call.js'
import { untilFirstAborted } from '../waiting/time-limits.js'

/** A caller whose calls end early when something else does: the request they are made for. */
export class CallerWithin implements Caller {
  readonly #caller: Caller
  readonly #lifetime: () => AbortSignal

  /** @param lifetime Asked at the first call, so that a request that makes none costs nothing. */
  constructor(caller: Caller, lifetime: () => AbortSignal) {
    this.#caller = caller
    this.#lifetime = lifetime
  }

  call(call: Call): Promise<CallResult> {
    const lifetime = this.#lifetime()
    if (call.signal === undefined) return this.#caller.call(call, lifetime)
    return untilFirstAborted([call.signal, lifetime], (signal) => this.#caller.call(call, signal))
  }
}
