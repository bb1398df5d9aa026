import { randomUUID } from 'node:crypto'
import { AgoraWebhookError } from '../errors.js'
import { TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'
import type { NotificationClaim, NotificationStore } from '../notifications/store.js'

/**
 * How long a claim lasts when its process dies. A resend is answered within 8 s. A claim is shorter, so that the first resend
 * can take over. Three renewals fit in.
 */
const leaseMs = 5000

/** A handler that has not ended by then counts as lost. Its claim is not renewed any more. */
const maxHandlingMs = 60_000

/** Agora sends duplicates for a day and more. */
const rememberedSeconds = 24 * 60 * 60

const maxStoreMs = 2000

/** What {@link NotificationWork} needs. */
export interface NotificationWorkOptions {
  readonly store: NotificationStore
  /** Milliseconds in which Agora is answered. One step of the store may take half of it. */
  readonly timeoutMs: number
  /** Is told of failures that nobody waits for. */
  readonly tell: (error: unknown) => void
}

/** Handles each notification once in all processes that share a store. It handles it again when a process failed or died. */
export class NotificationWork {
  readonly #options: NotificationWorkOptions
  readonly #storeMs: number
  readonly #underWay = new Map<string, Promise<'done' | 'in-progress'>>()

  constructor(options: NotificationWorkOptions) {
    this.#options = options
    this.#storeMs = Math.min(maxStoreMs, options.timeoutMs / 2)
  }

  /**
   * Claims the key and runs the handler. A second attempt in this process shares the outcome of the first.
   *
   * @returns `done`, or `in-progress` when another process handles it.
   * @throws {AgoraWebhookError} `ERR_WEBHOOK_STORE`, or what the handler throws.
   */
  attempt(key: string, handler: () => Promise<void>): Promise<'done' | 'in-progress'> {
    let attempt = this.#underWay.get(key)
    if (attempt === undefined) {
      attempt = this.#claimAndHandle(key, handler).finally(() => this.#underWay.delete(key))
      this.#underWay.set(key, attempt)
    }
    return attempt
  }

  async #claimAndHandle(key: string, handler: () => Promise<void>): Promise<'done' | 'in-progress'> {
    const owner = randomUUID()
    // A claim that succeeds too late is released, so that a resend can be handled.
    const claim = await this.#claim(key, owner, () => this.#release(key, owner))
    if (claim !== 'claimed') return claim
    const stopRenewing = this.#renew(key, owner)
    const handling = handler()
    try {
      await withinTimeLimits(handling, { timeoutMs: maxHandlingMs })
    } catch (error) {
      await stopRenewing()
      await this.#release(key, owner)
      throw error instanceof TimeLimitReached ? this.#giveUp(key, owner, handling) : error
    }
    await stopRenewing()
    await this.#settle(key, owner)
    return 'done'
  }

  /** When a handler ends after it was given up, its notification is settled and need not be handled again. */
  #giveUp(key: string, owner: string, handling: Promise<void>): AgoraWebhookError {
    handling.then(() => this.#settle(key, owner)).catch(this.#options.tell)
    return new AgoraWebhookError(
      'ERR_WEBHOOK_HANDLER',
      `onNotification has not ended after ${maxHandlingMs / 1000} s and is taken for lost: a resend is handled again. Let every wait in it end, and hand long work to a queue.`,
    )
  }

  async #claim(key: string, owner: string, onLate?: () => Promise<void>): Promise<NotificationClaim> {
    const claiming = stepOf(() => this.#options.store.claim(key, owner, leaseMs))
    let answer: unknown
    try {
      answer = await withinTimeLimits(claiming, { timeoutMs: this.#storeMs })
    } catch (cause) {
      claiming.then(onLate).catch(() => undefined)
      throw this.#storeError('claim', cause)
    }
    if (answer === 'claimed' || answer === 'done' || answer === 'in-progress') return answer
    throw new AgoraWebhookError(
      'ERR_WEBHOOK_STORE',
      "claim() of the notification store must answer 'claimed', 'done' or 'in-progress', and answered something else.",
    )
  }

  /** @returns A function that ends the renewal, and waits for one under way. */
  #renew(key: string, owner: string): () => Promise<void> {
    let isOver = false
    let hasTold = false
    let renewing = Promise.resolve()
    let timer: NodeJS.Timeout
    const renew = async (): Promise<void> => {
      try {
        // Another owner has it: this process stood still for longer than its claim, or the store lost the claim.
        if ((await this.#claim(key, owner)) !== 'claimed') isOver = true
      } catch (error) {
        if (!hasTold) this.#options.tell(error)
        hasTold = true
      }
      schedule()
    }
    const schedule = (): void => {
      if (isOver) return
      timer = setTimeout(() => {
        renewing = renew()
      }, leaseMs / 3).unref()
    }
    schedule()
    return () => {
      isOver = true
      clearTimeout(timer)
      return renewing
    }
  }

  /** The handler has succeeded. A failure of the store is only reported, since Agora need not send again. */
  async #settle(key: string, owner: string): Promise<void> {
    await this.#finish('settle', () => this.#options.store.settle(key, owner, rememberedSeconds))
  }

  async #release(key: string, owner: string): Promise<void> {
    await this.#finish('release', () => this.#options.store.release(key, owner))
  }

  async #finish(step: string, work: () => unknown): Promise<void> {
    try {
      await withinTimeLimits(stepOf(work), { timeoutMs: this.#storeMs })
    } catch (cause) {
      this.#options.tell(this.#storeError(step, cause))
    }
  }

  #storeError(step: string, cause: unknown): AgoraWebhookError {
    const what =
      cause instanceof TimeLimitReached
        ? `did not answer within ${this.#storeMs} ms`
        : 'failed: see the cause'
    return new AgoraWebhookError(
      'ERR_WEBHOOK_STORE',
      `${step}() of the notification store ${what}. Check the store that notificationRoute() was given as store.`,
      { cause },
    )
  }
}

/** Makes a promise of a step of the store, also when the step throws at once. */
async function stepOf<Value>(step: () => Value): Promise<Awaited<Value>> {
  return await step()
}
