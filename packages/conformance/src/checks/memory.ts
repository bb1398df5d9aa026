import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'
import type { Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { requestInProcess } from '../in-process.js'
import { InstantAgora } from '../instant-agora.js'
import { lobby, sessionUser } from './lobby.js'

const appId = '0123456789abcdef0123456789abcdef'

// What is kept of a request shows in every measurement, what V8 and vitest put by in some: two measurements without it
// are the proof that nothing is kept. The smallest thing to keep, the client of a request, takes over 150 bytes.
const warmUpRequests = 2000
const requestsPerMeasurement = 2000
const measurementsAtMost = 12
const allowedBytesPerRequest = 100

async function serve({ server }: Site, requests: number): Promise<void> {
  for (let request = 0; request < requests; request++) {
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

export const memory: Section = section('memory', (check) => {
  check('keeps nothing of a request: 100,000 leave less than 10 MB behind', async ({ open }) => {
    const credentials = { appId, customerId: 'id', customerSecret: 'secret' }
    const site = await open({
      mounts: [
        { options: { ...credentials, dispatcher: new InstantAgora(), quotas: false, userId: sessionUser } },
      ],
      routes: [lobby],
    })
    await serve(site, warmUpRequests)
    const growth: number[] = []
    const isFlat = (): boolean => growth.filter((bytes) => bytes < allowedBytesPerRequest).length >= 2
    while (!isFlat() && growth.length < measurementsAtMost) {
      const before = heapBytes()
      await serve(site, requestsPerMeasurement)
      growth.push((heapBytes() - before) / requestsPerMeasurement)
    }
    expect(isFlat(), `bytes kept of a request, measured: ${growth.join(', ')}`).toBe(true)
  })
})
