import type { CallDetails } from '../errors.js'

/** How long a call waits for its turn, and what ends the wait early. */
export interface QuotaWait {
  /** Of the call, for the error. */
  readonly details: CallDetails
  /** End of the call, on the runtime's monotonic clock. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
  /** The call had a place that became too old. It goes before the others. */
  readonly comesBack?: boolean | undefined
}

/** The right to send one request. It counts against the quota when the request starts, and not before. */
export interface QuotaPlace {
  /** The request is about to be written to its socket. `false`: the place is too old, so the request must not go. */
  start(): boolean
  /** Agora has answered, so that it has counted the request by now. */
  answered(): void
  /** No answer will come. A place whose request never started is free at once. */
  giveUp(): void
}

/** Lets calls through one after another, as a quota allows. */
export interface QuotaGate {
  /**
   * Waits for the turn of this call. Gives the place itself when the call may start at once: most calls need no promise.
   *
   * @throws {AgoraQuotaError} @throws {AgoraTimeoutError} @throws {AbortedByCaller}
   */
  enter(wait: QuotaWait): Promise<QuotaPlace> | QuotaPlace
}
