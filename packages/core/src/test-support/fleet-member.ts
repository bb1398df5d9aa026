import { Redis } from 'ioredis'
import { createSignalingClient } from '../client/client.js'
import { appId, customerId, customerSecret } from './account.js'
import { redisQuota } from './redis-quota.js'

/*
 * One process of a fleet that shares the quota of messages: sends as fast as it is let.
 * Started with the address of Agora, the address of Redis, a prefix for its keys, the limit, and how many messages to send.
 */
const [baseUrl = '', redisUrl = '', keyPrefix = '', limit = '', messages = ''] = process.argv.slice(2)

const perSecond = Number(limit)
const redis = new Redis(redisUrl, { keyPrefix })
const client = createSignalingClient({
  appId,
  customerId,
  customerSecret,
  baseUrl,
  // A machine that is busy with something else takes its time.
  timeoutMs: 60_000,
  quotas: { messages: redisQuota(redis, perSecond) },
})

let left = Number(messages)

async function sendUntilTheEnd(): Promise<void> {
  while (left > 0) {
    left -= 1
    await client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
  }
}

await Promise.all(Array.from({ length: 50 }, sendUntilTheEnd))
await client.close()
await redis.quit()
