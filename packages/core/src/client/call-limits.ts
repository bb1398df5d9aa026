import type { OptionRules } from '../input/options.js'
import { abortSignal, timeLimit } from '../input/rule.js'

/** What every call takes. */
export interface CallLimits {
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /** Ends the call early with `ERR_ABORTED`. */
  readonly signal?: AbortSignal | undefined
}

export const limitRules: OptionRules<CallLimits> = { timeoutMs: timeLimit, signal: abortSignal }
