import type { CallAttempt } from '../errors.js'
import type { ApiAnswer } from '../wire/answer.js'
import type { OperationRow } from '../operations.js'

/** One call of the REST API, before anything is known about hosts and credentials. */
export interface Call {
  readonly operation: OperationRow
  readonly method: string
  /** Percent-encoded, without query. */
  readonly path: string
  /** Percent-encoded, without `?`. */
  readonly query?: string | undefined
  readonly body?: string | undefined
  /** The user the call acts for; `undefined` when it acts for the whole App ID. */
  readonly userId?: string | undefined
  /** The channel in the path, for a limit that Agora counts per channel. */
  readonly channel?: string | undefined
  /** Total time for the call. It replaces the client's. */
  readonly timeoutMs?: number | undefined
  /** Repeat the call also where it may have been processed already. */
  readonly retryUnsafe?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Once a request has left this machine, the signal no longer ends it. The call waits for the answer and makes no other attempt. */
  readonly finishesOnceStarted?: boolean | undefined
  /** Filled in as the call goes on, so that its caller can read it even after a failure. Default: a new list. */
  readonly attempts?: CallAttempt[] | undefined
}

/** A successful answer, and the attempts that led to it. */
export interface CallResult {
  readonly answer: ApiAnswer
  /** Every try of the call, the last of which brought the answer. */
  readonly attempts: readonly CallAttempt[]
  /** A failed attempt of a destructive read may have taken events with it. */
  readonly possibleLoss: boolean
}

/** Carries calls: the transport of a client, or the same transport for as long as a request lasts. */
export interface Carrier {
  /** @param signal Ends the call early, instead of the call's own. */
  call(call: Call, signal?: AbortSignal): Promise<CallResult>
}
