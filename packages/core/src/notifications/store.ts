import { AgoraConfigError } from '../errors.js'
import { wholeNumber } from '../input/rule.js'
import { LruMap } from '../lru-map.js'

/**
 * The answer to a claim. `claimed`: you handle it. `done`: it was handled. `in-progress`: another owner has
 * it, and the lease of that owner has not ended.
 */
export type NotificationClaim = 'claimed' | 'done' | 'in-progress'

/**
 * Remembers which notifications are being handled and which are done. A single process uses the memory store. The
 * processes of a fleet share one, for instance in Redis: the README of this package shows it.
 *
 * An owner is one attempt to handle a notification, with a name of its own. Each method is one atomic step. When
 * a method throws, or does not answer within two seconds, the store has failed. The notification is then not handled,
 * and Agora sends it again.
 */
export interface NotificationStore {
  /**
   * Claims the key for `leaseMs` milliseconds when it is unknown, when the lease on it has ended, or when this owner
   * has it already. In the last case it renews the lease.
   */
  claim(key: string, owner: string, leaseMs: number): NotificationClaim | Promise<NotificationClaim>
  /** Remembers for `ttlSeconds` that the key is done, unless another owner has claimed it since. */
  settle(key: string, owner: string, ttlSeconds: number): unknown
  /** Forgets the key if this owner still has it: its handler failed, and a resend is to be handled. */
  release(key: string, owner: string): unknown
}

interface Entry {
  /** `undefined` when it is done. */
  readonly owner: string | undefined
  readonly expiresAtMs: number
}

const maxKeysRule = wholeNumber('keys', 1, 10_000_000)

/** Keeps the newest keys of this process, by default 100,000 of them (some 20 MB). */
export class MemoryNotificationStore implements NotificationStore {
  readonly #entries: LruMap<string, Entry>

  /** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` */
  constructor(maxKeys = 100_000) {
    if (!maxKeysRule.accepts(maxKeys)) {
      throw new AgoraConfigError(
        'ERR_CONFIG_INVALID',
        `maxKeys of new MemoryNotificationStore() must be ${maxKeysRule.expected}.`,
      )
    }
    this.#entries = new LruMap(maxKeys)
  }

  claim(key: string, owner: string, leaseMs: number): NotificationClaim {
    const current = this.#current(key)
    if (current !== undefined && current.owner !== owner) {
      return current.owner === undefined ? 'done' : 'in-progress'
    }
    this.#entries.set(key, { owner, expiresAtMs: performance.now() + leaseMs })
    return 'claimed'
  }

  settle(key: string, owner: string, ttlSeconds: number): void {
    const current = this.#current(key)
    if (current !== undefined && current.owner !== owner) return
    this.#entries.set(key, { owner: undefined, expiresAtMs: performance.now() + ttlSeconds * 1000 })
  }

  release(key: string, owner: string): void {
    if (this.#current(key)?.owner === owner) this.#entries.delete(key)
  }

  // This clock never jumps. If it were set back or forward, keys would be kept too long, or a lease would end early.
  #current(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || performance.now() >= entry.expiresAtMs ? undefined : entry
  }
}
