import type { SharedLimiter } from '../quota/shared-quota.js'

/** ioredis. The package `redis` takes the same as `eval(script, { keys: [key], arguments: [limit, window, id] })`. */
export interface Redis {
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
}

// A second, and a quarter of one: a request may arrive up to 250 ms later than Redis has counted it.
const windowMs = 1250

// One member for each message of the last 1,250 ms, by the clock of Redis. Gives 0, or how long to wait.
const takePlace = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, window = tonumber(ARGV[1]), ARGV[2] * 1000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
-- The clock was set back: nobody waits for it to come this far again.
redis.call('ZREMRANGEBYSCORE', KEYS[1], now + window, '+inf')
if redis.call('ZCARD', KEYS[1]) < limit then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], 2 * ARGV[2])
  return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return math.ceil((oldest + window - now) / 1000)
`

export function redisQuota(redis: Redis, perSecond: number): SharedLimiter {
  return {
    async consume(key) {
      const id = crypto.randomUUID()
      const waitMs = Number(await redis.eval(takePlace, 1, key, String(perSecond), String(windowMs), id))
      if (waitMs > 0) throw Object.assign(new Error('The quota is used up.'), { msBeforeNext: waitMs })
    },
  }
}
