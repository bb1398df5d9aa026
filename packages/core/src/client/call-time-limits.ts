import type { OptionRules } from '../input/options.js'
import { abortSignal, timeLimit } from '../input/rule.js'

/** What every call takes to end in time. */
export interface CallTimeLimits {
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /** Ends the call early with `ERR_ABORTED`. */
  readonly signal?: AbortSignal | undefined
}

export const timeLimitRules: OptionRules<CallTimeLimits> = { timeoutMs: timeLimit, signal: abortSignal }
