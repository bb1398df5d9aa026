import type { OptionRules } from '../input/options.js'
import { aFunction, oneOf, withMethods } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import type { SendToChannelOptions, SendToUserOptions } from './message-options.js'
import type { KeptOutcomes, SendManyProgress, SendManyResume } from './send-many-report.js'

/** One message of many: to a user, or to a channel. */
export type OutgoingMessage =
  | (Omit<SendToUserOptions, 'signal'> & { readonly channel?: never })
  | (Omit<SendToChannelOptions, 'signal'> & { readonly to?: never })

/** Options of `sendMany`. */
export interface SendManyOptions {
  /** Messages on their way at the same time, 1 to 1,000. Default 50. */
  readonly concurrency?: number | undefined
  /** Called after each message. What it throws ends the sending as `signal` does. */
  readonly onProgress?: ((progress: SendManyProgress) => void) | undefined
  /**
   * Ends the sending. No more messages are taken from the source. Messages that have not left this machine are not sent.
   * `sendMany` waits for those that have left.
   */
  readonly signal?: AbortSignal | undefined
  /** Goes on where an earlier sending of the same source ended: the `resume` of its report, also from JSON. Default: the beginning. */
  readonly resume?: SendManyResume | undefined
  /**
   * What `report.outcomes` holds. `failures`: the messages that failed or were not sent. Ten million outcomes take about a gigabyte: choose
   * `failures` or `none` for very many messages, and read them in `onProgress`. Default `all`.
   */
  readonly keepOutcomes?: KeptOutcomes | undefined
}

/** Accepts every value. The check of its range names the argument. */
const aNumber: Rule<number> = {
  expected: 'a whole number of messages, from 1 to 1,000',
  accepts: (value): value is number => typeof value === 'number',
}

const aResume: Rule<SendManyResume> = {
  expected: 'the resume of an earlier report: { nextIndex, notSent }',
  accepts: isResume,
}

export const sendManyRules: OptionRules<SendManyOptions> = {
  concurrency: aNumber,
  onProgress: aFunction('a function that is called after each message'),
  signal: withMethods('an AbortSignal', 'addEventListener', 'removeEventListener'),
  resume: aResume,
  keepOutcomes: oneOf(['all', 'failures', 'none']),
}

function isResume(value: unknown): value is SendManyResume {
  if (typeof value !== 'object' || value === null) return false
  if (!('nextIndex' in value) || !('notSent' in value)) return false
  const { nextIndex, notSent } = value
  return (
    isIndex(nextIndex) &&
    Array.isArray(notSent) &&
    notSent.every((index) => isIndex(index) && index < nextIndex)
  )
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
