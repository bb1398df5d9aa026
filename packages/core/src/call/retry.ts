import type { FailureClass } from '../wire/failure.js'
import type { NextHost } from '../hosts/host-router.js'
import type { OperationRow } from '../operations.js'

/** What a second attempt may do. */
export type Repeatability = Exclude<OperationRow['repeating'], 'by-method'>

/** What the options allow. */
export interface RetryRules {
  /** Attempts of one call at most. */
  readonly maxAttempts: number
  /** Repeat a send also where it may have been processed. */
  readonly retryUnsafe: boolean
}

/** What to do after a failed attempt. */
export interface RetryDecision {
  readonly next: NextHost
  /** The failed attempt may have taken events out of Agora's queue. */
  readonly possibleLoss: boolean
}

/** @see https://docs.agora.io/en/signaling/rest-api/overview for the back-off Agora asks for: 1, 3 and 6 seconds. */
const backOffMs = [1000, 3000, 6000] as const

export function repeatabilityOf({ repeating }: OperationRow, method: string): Repeatability {
  if (repeating === 'by-method') return method === 'GET' ? 'reads' : 'sends'
  return repeating
}

/**
 * The retry table. There is no idempotency key: a send is repeated only where it certainly was not processed, unless
 * the caller asks for more.
 *
 * @param failures Failed attempts so far, this one included.
 * @returns Nothing when the call has failed for good.
 */
export function decideRetry(
  failure: FailureClass,
  repeatability: Repeatability,
  failures: number,
  rules: RetryRules,
): RetryDecision | undefined {
  if (failure === 'final' || failures >= rules.maxAttempts) return undefined
  const certainlyNotProcessed = failure === 'dns' || failure === 'connect' || failure === 'rate-limited'
  if (!certainlyNotProcessed && repeatability === 'sends' && !rules.retryUnsafe) return undefined
  const possibleLoss = !certainlyNotProcessed && repeatability === 'reads-destructively'
  switch (failure) {
    case 'dns':
      return { next: 'other-domain', possibleLoss }
    case 'connect':
      // The other domain leads to the same machines. Agora advises to use it only when a name cannot be resolved.
      return { next: 'adjacent', possibleLoss }
    case 'broken':
    case 'gateway':
      return { next: failures === 1 ? 'same' : 'adjacent', possibleLoss }
    case 'server-error':
      return failures === 1 ? { next: 'same', possibleLoss } : undefined
    case 'timed-out':
    case 'rate-limited':
      // Limits are counted per App ID: another host would only get more of the load.
      return { next: 'same', possibleLoss }
  }
}

/** A random wait below 1, 3 and 6 seconds, so that the processes of a fleet do not all try again at the same moment. */
export function backOff(failures: number, random: () => number): number {
  const ceiling = backOffMs[Math.min(failures, backOffMs.length) - 1] ?? backOffMs[0]
  return random() * ceiling
}
