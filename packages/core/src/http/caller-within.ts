import type { Call, Caller, CallResult } from './call.js'

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
    const signal = call.signal === undefined ? lifetime : AbortSignal.any([call.signal, lifetime])
    return this.#caller.call({ ...call, signal })
  }
}
