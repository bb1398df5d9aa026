import { createSignalingClient } from '@agora-signaling/core'
import { appCertificate, appId } from '../account.js'
import type { Benchmark } from '../benchmark.js'
import { ContenderProcess, figure } from '../contender-process.js'
import { readable } from '../numbers.js'
import { median } from '../rounds.js'
import { StubDispatcher } from '../stub-dispatcher.js'

/** The heap that is left when everything that can go has gone. */
function heapBytesAfterCollection(): number {
  if (globalThis.gc === undefined) throw new Error('Start this process with --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

export const memory: Benchmark = {
  title: 'Memory after a million users',
  method:
    'One client in token mode sends one message as each of a million users, `client.as(id).messages.sendToUser`, to a dispatcher that answers in the same process. Heap after garbage collection at ten points, each relative to the heap after 10,000 users; the cache of tokens holds 10,000.',
  contenders: {
    client: () => {
      const client = createSignalingClient({
        appId,
        appCertificate,
        userId: 'server',
        dispatcher: new StubDispatcher(),
        quotas: false,
      })
      let users = 0
      return {
        async round(size) {
          for (let index = 0; index < size; index++) {
            await client.as(`user-${users++}`).messages.sendToUser({ to: 'bob', payload: 'hello' })
          }
          return { heapBytes: heapBytesAfterCollection() }
        },
      }
    },
  },

  async measure({ quick }) {
    const first = quick ? 1000 : 10_000
    const step = quick ? 1000 : 99_000
    const contender = await ContenderProcess.start('memory', 'client')
    try {
      // Warm: code that is compiled later is heap as well.
      await contender.round(quick ? 100 : 20_000)
      const atFirst = figure(await contender.round(first), 'heapBytes')
      const points = [{ amount: first, ratio: 1 }]
      for (let amount = first + step; amount <= first + 10 * step; amount += step) {
        const heapBytes = figure(await contender.round(step), 'heapBytes')
        points.push({ amount, ratio: heapBytes / atFirst })
      }
      const values = points.slice(1).map(({ ratio }) => ratio)
      return {
        rows: [
          {
            what: 'heap from 100,000 to 1,000,000 users',
            against: 'itself after 10,000',
            values,
            unit: '×',
            goal: { atMost: 1.1 },
            measured: `${readable((median(values) * atFirst) / 1e6)} MB to ${readable(atFirst / 1e6)} MB`,
          },
        ],
        growth: { amountLabel: 'users served', lines: [{ label: 'heap after collection', points }] },
      }
    } finally {
      await contender.stop()
    }
  },
}
