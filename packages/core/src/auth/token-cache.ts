import { LruMap } from '../lru-map.js'
import type { Authorization } from './strategy.js'

/** An authorization that is valid for some time. */
export interface PassingAuthorization extends Authorization {
  /** On the clock that dated it. */
  readonly usableUntilMs: number
}

/**
 * The tokens of the users that were served last.
 *
 * One cache belongs to one strategy, and so to one App ID and one certificate. So a user ID alone can be the key, and
 * tokens cannot leak between tenants.
 */
export class TokenCache {
  readonly #entries: LruMap<string, PassingAuthorization>

  constructor(maxEntries: number) {
    this.#entries = new LruMap(maxEntries)
  }

  get(userId: string, nowMs: number): Authorization | undefined {
    const found = this.#entries.get(userId)
    return found !== undefined && nowMs < found.usableUntilMs ? found : undefined
  }

  set(userId: string, authorization: PassingAuthorization): void {
    this.#entries.set(userId, authorization)
  }

  /** Forgets a refused authorization, unless a new one has already replaced it. */
  drop(userId: string, refused: Authorization): void {
    if (this.#entries.get(userId) === refused) this.#entries.delete(userId)
  }
}

/**
 * How long before its end a token is not used any more: a tenth of its lifetime, at most a minute, so that a token
 * cannot end between leaving here and arriving at Agora.
 */
export function renewalMarginSeconds(ttlSeconds: number): number {
  return Math.min(60, ttlSeconds / 10)
}
