import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startServer } from '../test-support/local-server.js'
import { mostInASecond } from '../test-support/sliding-second.js'

const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const member = join(import.meta.dirname, '../../dist/esm/test-support/fleet-member.js')
const run = promisify(execFile)

async function redisAnswers(): Promise<boolean> {
  const { hostname, port } = new URL(redisUrl)
  const socket = connect(Number(port === '' ? 6379 : port), hostname)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

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
    const prefix = `agora-signaling-test-${randomUUID()}:`
    const args = [member, server.url, redisUrl, prefix, String(perSecond), '400']
    await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, args)))

    expect(arrivals).toHaveLength(1600)
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(perSecond)
  },
)

test('the recipe that these processes use is the one in the README', () => {
  const recipe = readFileSync(join(import.meta.dirname, '../test-support/redis-quota.ts'), 'utf8')
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  expect(readme).toContain(recipe.replace("'../quota/shared-quota.js'", "'@agora-signaling/core'"))
})
