import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'
import type { Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { requestInProcess } from '../in-process.js'
import { InstantAgora } from '../instant-agora.js'
import type { Route } from '../rig.js'
import { sessionUser } from './lobby.js'

const appId = '0123456789abcdef0123456789abcdef'

// The smallest thing to keep of a request, its client, takes over 150 bytes. V8 and Vitest keep a megabyte or two of their own.
const allowedBytesOfRequest = 100
const warmUpRequests = 2000

/** What a call leaves on a signal that outlives it would stay for as long as the process. */
const shutdown = new AbortController().signal

const lobby: Route = {
  path: '/lobby',
  handle: ({ getAgora }) =>
    getAgora().messages.sendToChannel({ channel: 'lobby', payload: 'hello', signal: shutdown }),
}

async function serve({ server }: Site, count: number): Promise<void> {
  for (let request = 0; request < count; request++) {
    const headers = { 'x-session': `user-${request}` }
    const status = await requestInProcess(server, { method: 'POST', path: '/lobby', headers })
    if (status !== 200) expect(status).toBe(200)
  }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  if (!isCallable(collectGarbage)) throw new TypeError('This Node gives no gc().')
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

function isCallable(value: unknown): value is () => void {
  return typeof value === 'function'
}

/** @param requests Fewer take less time, and let less than the noise of V8 pass for a leak. */
export function memoryOver(requests: number): Section {
  return section('memory', (check) => {
    const allowedBytes = requests * allowedBytesOfRequest
    const title = `keeps nothing of a request: ${requests / 1000},000 leave less than ${allowedBytes / 1e6} MB behind`
    check(title, async ({ open }) => {
      const credentials = { appId, customerId: 'id', customerSecret: 'secret' }
      const site = await open({
        mounts: [
          {
            options: { ...credentials, dispatcher: new InstantAgora(), quotas: false, userId: sessionUser },
          },
        ],
        routes: [lobby],
      })
      await serve(site, warmUpRequests)
      const before = heapBytes()
      await serve(site, requests)
      expect(heapBytes() - before).toBeLessThan(allowedBytes)
    })
  })
}
