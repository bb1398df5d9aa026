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
  /** Total time for the call, instead of the client's. */
  readonly timeoutMs?: number | undefined
  /** Repeat the call also where it may have been processed already. */
  readonly retryUnsafe?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** The signal ends no request that has left this machine: the call waits for its answer, and makes no other attempt. */
  readonly finishesOnceStarted?: boolean | undefined
  /** Filled in as the call goes on, for whoever has to account for it however it ends. Default: a new list. */
  readonly attempts?: CallAttempt[] | undefined
}

/** A successful answer, and the way to it. */
export interface CallResult {
  readonly answer: ApiAnswer
  /** Every try of the call, the last of which brought the answer. */
  readonly attempts: readonly CallAttempt[]
  /** A failed attempt of a destructive read may have taken events with it. */
  readonly possibleLoss: boolean
}

/** Something that carries calls: a client's transport, or the same for as long as a request lasts. */
export interface Caller {
  /** @param signal Ends the call early, instead of the call's own. */
  call(call: Call, signal?: AbortSignal): Promise<CallResult>
}
