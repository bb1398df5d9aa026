import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startServer } from '../test-support/local-server.js'
import { redisAnswers, redisUrl } from '../test-support/redis.js'
import { mostInASecond } from '../test-support/sliding-second.js'

const member = join(import.meta.dirname, '../../dist/esm/test-support/fleet-member.js')
const run = promisify(execFile)

const hasRedis = await redisAnswers()

const perSecond = 500

test.skipIf(!hasRedis)(
  `four processes that share a quota through Redis at ${redisUrl} keep to it, counted where they arrive (start one with: redis-server --port 6379)`,
  { timeout: 60_000 },
  async () => {
    const arrivals: number[] = []
    const server = await startServer((_, response) => {
      arrivals.push(performance.now())
      response.end('{"result":"success","code":"message_sent","request_id":"1"}')
    })
    // The machine may be busy: how long this process stood still is part of what it can say about arrivals.
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const prefix = `agora-signaling-test-${randomUUID()}:`
    const args = [member, server.url, redisUrl, prefix, String(perSecond), '400']
    await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, args)))

    expect(arrivals).toHaveLength(1600)
    delay.disable()
    expect(mostInASecond(arrivals, delay.max / 1e6)).toBeLessThanOrEqual(perSecond)
  },
)

test('the recipe that these processes use is the one in the README', () => {
  const recipe = readFileSync(join(import.meta.dirname, '../test-support/redis-quota.ts'), 'utf8')
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  expect(readme).toContain(recipe.replace("'../quota/shared-quota.js'", "'@agora-signaling/core'"))
})
