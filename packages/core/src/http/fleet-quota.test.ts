import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startServer } from '../test-support/local-server.js'

const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const member = join(import.meta.dirname, '../../dist/test-support/fleet-member.js')
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

// Five processes want two cores: a machine that is busy with something else gets another chance to reach 95 %.
test.skipIf(!hasRedis)(
  `four processes share one quota through Redis at ${redisUrl} (start one with: redis-server --port 6379)`,
  { retry: 2, timeout: 60_000 },
  async () => {
    const arrivals: number[] = []
    const server = await startServer((_, response) => {
      arrivals.push(performance.now())
      response.end('{"result":"success","code":"message_sent","request_id":"1"}')
    })
    const prefix = `agora-signaling-test-${randomUUID()}`
    await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, [member, server.url, redisUrl, prefix, '5000'])),
    )

    // The limiter counts in seconds that begin with the first message: so many of them had begun at the last one.
    const seconds = (Math.max(...arrivals) - Math.min(...arrivals)) / 1000
    expect(seconds).toBeGreaterThan(3)
    expect(arrivals.length).toBeLessThanOrEqual(500 * (Math.floor(seconds) + 1))
    expect(arrivals.length).toBeGreaterThanOrEqual(0.95 * 500 * Math.floor(seconds))
  },
)
