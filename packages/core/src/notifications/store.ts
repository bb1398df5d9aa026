import { LruMap } from '../lru-map.js'

/**
 * Remembers which notifications were handled. One process uses the memory store; a fleet shares one, for instance
 * with Redis: `SET key 1 NX EX ttl` and `DEL key`.
 */
export interface NotificationStore {
  /** Remembers the key for `ttlSeconds` if it is unknown, in one step. Answers whether it was unknown. */
  add(key: string, ttlSeconds: number): boolean | Promise<boolean>
  /** Forgets the key: its handler failed, and a resend is to be handled. */
  delete(key: string): void | Promise<void>
}

/** Keeps the newest keys of this process, by default 100,000 of them (some 20 MB). */
export class MemoryNotificationStore implements NotificationStore {
  readonly #expiry: LruMap<string, number>

  constructor(maxKeys = 100_000) {
    this.#expiry = new LruMap(maxKeys)
  }

  add(key: string, ttlSeconds: number): boolean {
    const now = Date.now()
    const expiresAt = this.#expiry.get(key)
    if (expiresAt !== undefined && now < expiresAt) return false
    this.#expiry.set(key, now + ttlSeconds * 1000)
    return true
  }

  delete(key: string): void {
    this.#expiry.delete(key)
  }
}
