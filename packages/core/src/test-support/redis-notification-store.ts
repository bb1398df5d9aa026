import type { NotificationClaim, NotificationStore } from '../notifications/store.js'

/*
 * The recipe of the README, word for word: a test compares the two.
 */

/** What is needed of ioredis: `new Redis(process.env['REDIS_URL'])`. */
interface RedisClient {
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>
}

// Redis runs a script as one step, which is what makes each method safe in a fleet.
const claimScript = `
  local holder = redis.call('GET', KEYS[1])
  if holder == 'done' then return 'done' end
  if holder and holder ~= ARGV[1] then return 'in-progress' end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 'claimed'`
const settleScript = `
  local holder = redis.call('GET', KEYS[1])
  if not holder or holder == ARGV[1] then redis.call('SET', KEYS[1], 'done', 'EX', ARGV[2]) end`
const releaseScript = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

export class RedisNotificationStore implements NotificationStore {
  readonly #redis: RedisClient

  constructor(redis: RedisClient) {
    this.#redis = redis
  }

  async claim(key: string, owner: string, leaseMs: number): Promise<NotificationClaim> {
    const answer = await this.#redis.eval(claimScript, 1, `agora:${key}`, owner, leaseMs)
    if (answer === 'claimed' || answer === 'done' || answer === 'in-progress') return answer
    throw new Error('Redis did not answer as the script does.')
  }

  async settle(key: string, owner: string, ttlSeconds: number): Promise<void> {
    await this.#redis.eval(settleScript, 1, `agora:${key}`, owner, ttlSeconds)
  }

  async release(key: string, owner: string): Promise<void> {
    await this.#redis.eval(releaseScript, 1, `agora:${key}`, owner)
  }
}
