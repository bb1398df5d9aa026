import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { machine } from '../runtime.js'
import type { Runtime } from '../runtime.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import { Quotas } from './quota.js'
import type { QuotaOptions } from './quota.js'
import type { QuotaWait } from './quota-gate.js'

const appId = '0123456789abcdef0123456789abcdef'
const details = { method: 'POST', path: '/messages', attempts: [] }

/** A machine on which no time passes. */
function frozenRuntime(): Runtime {
  return { ...skippingRuntime(), monotonicMs: () => 0 }
}

function waitUntil(deadlineMs: number, signal?: AbortSignal): QuotaWait {
  return { details, deadlineMs, signal }
}

/** How many calls start without waiting. */
function startsAtOnce(quotas: Quotas, operation: Parameters<Quotas['enter']>[0], channel?: string): number {
  for (let count = 0; ; count++) {
    try {
      if (quotas.enter(operation, channel, waitUntil(1)) !== undefined) return count
    } catch {
      return count
    }
    if (count > 2000) return count
  }
}

/** As rate-limiter-flexible: rejects with `msBeforeNext` when the points are used up. */
function limiter(points: number): { consume: (key: string) => Promise<unknown>; keys: string[] } {
  const keys: string[] = []
  let left = points
  return {
    keys,
    consume: async (key) => {
      keys.push(key)
      if (left > 0) return { remainingPoints: (left -= 1) }
      left = points
      throw Object.assign(new Error('rejected'), { msBeforeNext: 250 })
    },
  }
}

describe("Agora's published limits hold unless told otherwise", () => {
  test.each([
    ['send', 500],
    ['user-events', 10],
    ['channel-events', 10],
    ['history', 60],
    ['publish', 60],
    ['projects', 10],
  ] as const)('%s: %i a second', (operation, perSecond) => {
    expect(startsAtOnce(new Quotas({}, appId, frozenRuntime()), operation)).toBe(perSecond)
  })

  test('peer and channel messages count together, the two event queues each alone', () => {
    const quotas = new Quotas({ messages: 5, userEvents: 2 }, appId, frozenRuntime())
    expect(startsAtOnce(quotas, 'user-events')).toBe(2)
    expect(startsAtOnce(quotas, 'channel-events')).toBe(10)
    expect(startsAtOnce(quotas, 'send')).toBe(5)
  })

  test('publishes count per channel', () => {
    const quotas = new Quotas({ publish: 3 }, appId, frozenRuntime())
    expect(startsAtOnce(quotas, 'publish', 'lobby')).toBe(3)
    expect(startsAtOnce(quotas, 'publish', 'stage')).toBe(3)
  })

  test('false turns off one, or all', () => {
    expect(startsAtOnce(new Quotas({ messages: false }, appId, frozenRuntime()), 'send')).toBeGreaterThan(
      2000,
    )
    expect(startsAtOnce(new Quotas(false, appId, frozenRuntime()), 'history')).toBeGreaterThan(2000)
  })

  test('the escape hatch counts against none', () => {
    expect(startsAtOnce(new Quotas({}, appId, frozenRuntime()), 'request')).toBeGreaterThan(2000)
  })
})

describe('beyond the limit', () => {
  test('calls wait in order, until there is room', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const quotas = new Quotas({ messages: 2 }, appId, machine)
    const startedMs = performance.now()
    const starts: [call: number, second: number][] = []
    const calls = Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (call) => {
        await quotas.enter('send', undefined, waitUntil(startedMs + 60_000))
        starts.push([call, Math.floor((performance.now() - startedMs) / 1000)])
      }),
    )
    await vi.runAllTimersAsync()
    await calls
    expect(starts).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
    ])
  })

  test('a call whose turn would come after its deadline is refused at once, and takes no turn', () => {
    const quotas = new Quotas({ messages: 1 }, appId, frozenRuntime())
    expect(quotas.enter('send', undefined, waitUntil(500))).toBeUndefined()
    const error = thrownBy(() => quotas.enter('send', undefined, waitUntil(500)))
    expect(error).toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL', retryAfterMs: 1000, attempts: [] })
    expect(error.message).toMatch(/quota of messages.*was not sent|was not sent.*quota of messages/)
    expect(thrownBy(() => quotas.enter('send', undefined, waitUntil(999)))).toMatchObject({
      retryAfterMs: 1000,
    })
  })

  test('no more than maxWaiting calls wait', async () => {
    const quotas = new Quotas({ messages: 1, maxWaiting: 2 }, appId, skippingRuntime())
    const started = [
      quotas.enter('send', undefined, waitUntil(1e9)),
      quotas.enter('send', undefined, waitUntil(1e9)),
      quotas.enter('send', undefined, waitUntil(1e9)),
    ]
    expect(thrownBy(() => quotas.enter('send', undefined, waitUntil(1e9)))).toMatchObject({
      code: 'ERR_QUOTA_QUEUE_FULL',
    })
    for (const start of started) await start
    await quotas.enter('send', undefined, waitUntil(1e9))
  })

  test('a wait ends when its caller gives up', async () => {
    const controller = new AbortController()
    const runtime = { ...frozenRuntime(), sleep: async () => controller.abort(new Error('enough')) }
    const quotas = new Quotas({ messages: 1 }, appId, runtime)
    void quotas.enter('send', undefined, waitUntil(60_000))
    await expect(quotas.enter('send', undefined, waitUntil(60_000, controller.signal))).rejects.toThrow(
      /aborted/i,
    )
  })
})

describe('a limiter shared by a fleet', () => {
  test('is asked for each call, by a key that holds the quota and the App ID', async () => {
    const shared = limiter(10)
    const quotas = new Quotas({ messages: shared, publish: shared }, appId, skippingRuntime())
    await quotas.enter('send', undefined, waitUntil(1e9))
    await quotas.enter('publish', 'lobby', waitUntil(1e9))
    expect(shared.keys).toEqual([
      `agora-signaling:messages:${appId}`,
      `agora-signaling:publish:lobby:${appId}`,
    ])
  })

  test('is waited for as long as it says, in order', async () => {
    const runtime = skippingRuntime()
    const quotas = new Quotas({ messages: limiter(2) }, appId, runtime)
    const order: number[] = []
    await Promise.all(
      [0, 1, 2, 3].map(async (call) => {
        await quotas.enter('send', undefined, waitUntil(1e9))
        order.push(call)
      }),
    )
    expect(order).toEqual([0, 1, 2, 3])
    expect(runtime.waits).toEqual([250])
  })

  test('that would have a call wait beyond its deadline refuses it', async () => {
    const runtime = skippingRuntime()
    const quotas = new Quotas({ messages: limiter(0) }, appId, runtime)
    const soon = waitUntil(runtime.monotonicMs() + 100)
    await expect(rejectionOf(Promise.resolve(quotas.enter('send', undefined, soon)))).resolves.toMatchObject({
      code: 'ERR_QUOTA_QUEUE_FULL',
      retryAfterMs: 250,
    })
  })

  test('that fails is no permission to send: the error says so, and the next call gets its turn', async () => {
    const store = new Error('connect ECONNREFUSED')
    let fails = true
    const consume = async (): Promise<unknown> => {
      if (!fails) return {}
      fails = false
      throw store
    }
    const quotas = new Quotas({ messages: { consume } }, appId, skippingRuntime())
    await expect(
      rejectionOf(Promise.resolve(quotas.enter('send', undefined, waitUntil(1e9)))),
    ).resolves.toMatchObject({
      code: 'ERR_QUOTA_LIMITER',
      cause: store,
    })
    await quotas.enter('send', undefined, waitUntil(1e9))
  })
})

test.each<[string, unknown]>([
  ['messages', 0],
  ['messages', 1.5],
  ['history', '60'],
  ['publish', {}],
  ['userEvents', Infinity],
  ['maxWaiting', -1],
])('quotas.%s: %j is refused by name when the client is made', (name, value) => {
  const options: QuotaOptions = { [name]: value }
  const error = thrownBy(() => new Quotas(options, appId, skippingRuntime()))
  expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
  expect(error.message).toContain(`quotas.${name}`)
})
