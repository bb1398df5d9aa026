import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { signNotification } from '../notifications/sign.js'
import { MemoryNotificationStore } from '../notifications/store.js'
import { startServer } from '../test-support/local-server.js'
import { redisAnswers, redisUrl } from '../test-support/redis.js'

const secret = 'webhook-secret'
const program = join(import.meta.dirname, '../../dist/esm/test-support/notification-member.js')

interface Member {
  readonly process: ChildProcess
  readonly said: readonly string[]
  readonly post: (noticeId: string) => Promise<Response>
}

async function startMember(storeUrl: string, handler: 'hangs' | 'works'): Promise<Member> {
  const child = spawn(process.execPath, [program, storeUrl, secret, handler], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  const said: string[] = []
  const first = String(await once(lines, 'line'))
  lines.on('line', (line) => said.push(line))
  const url = `http://127.0.0.1:${first.replace('listening ', '')}`
  const post = (noticeId: string): Promise<Response> => {
    const { rawBody, headers } = signNotification({ secret, productId: 1, eventType: 103, noticeId })
    return fetch(url, { method: 'POST', body: rawBody, headers })
  }
  return { process: child, said, post }
}

/** A store in this process, for members on machines without Redis. */
async function startStore(): Promise<string> {
  const memory = new MemoryNotificationStore()
  const { url } = await startServer((request, response) => {
    void text(request).then((body) => {
      const [method = '', key = '', owner = '', duration] = body.split(' ')
      if (method === 'claim') response.end(memory.claim(key, owner, Number(duration)))
      else if (method === 'settle') response.end(String(memory.settle(key, owner, Number(duration))))
      else response.end(String(memory.release(key, owner)))
    })
  })
  return url
}

const hasRedis = await redisAnswers()
const stores: [string, () => Promise<string>][] = [['a store of the test', startStore]]
if (hasRedis) stores.push([`Redis at ${redisUrl}`, async () => redisUrl])

describe.each(stores)('two processes that share %s', (_, start) => {
  test(
    'lose no notification when one is killed in its handler: the other handles the resend',
    { timeout: 60_000 },
    async () => {
      const storeUrl = await start()
      const [a, b] = await Promise.all([startMember(storeUrl, 'hangs'), startMember(storeUrl, 'works')])
      const noticeId = randomUUID()
      const lost = a.post(noticeId).then(
        ({ status }) => status,
        () => 'the connection broke',
      )
      await expect.poll(() => a.said, { timeout: 10_000 }).toEqual([`handling ${noticeId}`])

      // While a is at work, longer than a lease, b neither handles it nor says that all is well.
      const early = await b.post(noticeId)
      expect([early.status, early.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)])
      expect(b.said).toEqual(['told ERR_WEBHOOK_IN_PROGRESS'])

      a.process.kill('SIGKILL')
      await once(a.process, 'exit')
      expect(await lost).not.toBe(200)
      // One resend is enough: it waits until the lease of the dead process has ended.
      expect((await b.post(noticeId)).status).toBe(200)
      expect(b.said.slice(1)).toEqual([`handling ${noticeId}`])

      // And one that comes later is not handled again.
      expect((await b.post(noticeId)).status).toBe(200)
      expect(b.said.slice(1)).toEqual([`handling ${noticeId}`])
    },
  )
})
