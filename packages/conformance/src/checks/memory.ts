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

// A leak is in every measurement, what V8 and vitest put by is in some: the middle one of five tells them apart. With
// these numbers chance gives up to 40 bytes a request, and the smallest thing kept of a request, its client, over 150.
const warmUpRequests = 4000
const requestsPerMeasurement = 2500
const measurements = 5
const allowedBytesPerRequest = 100

async function serve({ server }: Site, requests: number): Promise<void> {
  for (let request = 0; request < requests; request++) {
    const headers = { 'x-session': `user-${request}` }
    // oxlint-disable-next-line no-await-in-loop -- requests under way are kept, and are no leak
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
    for (let measurement = 0; measurement < measurements; measurement++) {
      const before = heapBytes()
      // oxlint-disable-next-line no-await-in-loop -- one measurement after the other
      await serve(site, requestsPerMeasurement)
      growth.push((heapBytes() - before) / requestsPerMeasurement)
    }
    const typical = growth.toSorted((a, b) => a - b)[Math.floor(measurements / 2)]
    expect(typical, `bytes kept of a request, measured: ${growth.join(', ')}`).toBeLessThan(
      allowedBytesPerRequest,
    )
  })
})
