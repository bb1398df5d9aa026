import type { CallDetails } from '../errors.js'
import { AgoraQuotaError } from '../errors.js'
import { AbortedByCaller, watchTimeLimits } from '../waiting/time-limits.js'
import { Line } from '../waiting/line.js'
import type { QuotaPlace, QuotaWait } from './quota-gate.js'

interface WaitingCall {
  readonly wait: QuotaWait
  readonly serve: (place: QuotaPlace) => void
  readonly fail: (error: Error) => void
}

/** The calls that wait for one quota, in order. The deadline and the signal of a call end its wait. */
export class QuotaLine {
  readonly #line = new Line<WaitingCall>()
  readonly #onLeft: () => void

  /** @param onLeft Called when a call gave up. */
  constructor(onLeft: () => void) {
    this.#onLeft = onLeft
  }

  get size(): number {
    return this.#line.size
  }

  /** The deadline of the first call. */
  get firstDeadlineMs(): number | undefined {
    return this.#line.first?.wait.deadlineMs
  }

  /**
   * Waits in line.
   *
   * @param late Makes the error for a call whose deadline comes first.
   * @throws {AbortedByCaller}
   */
  join(wait: QuotaWait, timeoutMs: number, late: () => Error): Promise<QuotaPlace> {
    const { signal } = wait
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new AbortedByCaller(signal))
        return
      }
      const stopWatching = watchTimeLimits({ timeoutMs, signal }, (reason) => {
        stopWatching()
        place.leave()
        reject(reason instanceof AbortedByCaller ? reason : late())
        this.#onLeft()
      })
      const call: WaitingCall = {
        wait,
        serve: (quotaPlace) => {
          stopWatching()
          resolve(quotaPlace)
        },
        fail: (error) => {
          stopWatching()
          reject(error)
        },
      }
      const place = wait.comesBack === true ? this.#line.joinInFront(call) : this.#line.join(call)
    })
  }

  /** Gives a place to the first call. Gives `false` when no call waits. */
  serveFirst(place: QuotaPlace): boolean {
    const call = this.#line.takeFirst()
    call?.serve(place)
    return call !== undefined
  }

  failFirst(error: (details: CallDetails) => Error): void {
    const call = this.#line.takeFirst()
    call?.fail(error(call.wait.details))
  }
}

/** The call is not sent, because its turn would not come in time. */
export function queueFull(name: string, waitMs: number, details: CallDetails): AgoraQuotaError {
  return new AgoraQuotaError(
    'ERR_QUOTA_QUEUE_FULL',
    `${details.method} ${details.path} was not sent: the quota of ${name} is used up, and its turn would come too late or too many calls wait already. ` +
      'Send less at a time, or raise timeoutMs or quotas.maxWaiting.',
    { ...details, retryAfterMs: Math.max(1, Math.ceil(waitMs)) },
  )
}
