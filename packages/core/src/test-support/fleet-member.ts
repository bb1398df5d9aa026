import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { createSignalingClient } from '../client/client.js'
import { appId, customerId, customerSecret } from './account.js'

/*
 * One process of a fleet that shares the quota of messages: sends as fast as it is let, for as long as it is told.
 * Started with the address of Agora, the address of Redis, a prefix for its keys, and milliseconds.
 */
const [baseUrl = '', redisUrl = '', keyPrefix = '', milliseconds = ''] = process.argv.slice(2)

const redis = new Redis(redisUrl)
const limiter = new RateLimiterRedis({ storeClient: redis, points: 500, duration: 1, keyPrefix })
const client = createSignalingClient({
  appId,
  customerId,
  customerSecret,
  baseUrl,
  quotas: { messages: limiter },
})

const endMs = Date.now() + Number(milliseconds)

async function sendUntilTheEnd(): Promise<void> {
  while (Date.now() < endMs) await client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
}

await Promise.all(Array.from({ length: 50 }, sendUntilTheEnd))
await client.close()
await redis.quit()
