import { describe, expect, test } from 'vitest'
import type { LimitName } from '../operations.js'
import type { Runtime } from '../runtime.js'
import { thrownBy } from '../test-support/failures.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import { Quotas } from './quotas.js'
import type { QuotaOptions } from './quotas.js'
import type { QuotaWait } from './quota-gate.js'

const appId = '0123456789abcdef0123456789abcdef'
const details = { method: 'POST', path: '/messages', attempts: [] }

/** A machine on which no time passes. */
function frozenRuntime(): Runtime {
  return { ...skippingRuntime(), monotonicMs: () => 0 }
}

function waitUntil(deadlineMs: number): QuotaWait {
  return { details, deadlineMs }
}

/** How many calls start without waiting. */
function startsAtOnce(quotas: Quotas, limit: LimitName, channel?: string): number {
  for (let count = 0; count <= 2000; count++) {
    try {
      const turn = quotas.enter(limit, channel, waitUntil(1))
      if (turn instanceof Promise) return count
      turn?.start()
    } catch {
      return count
    }
  }
  return Infinity
}

describe("Agora's published limits hold unless told otherwise", () => {
  test.each([
    ['messages', 500],
    ['userEvents', 10],
    ['channelEvents', 10],
    ['history', 60],
    ['publish', 60],
    ['projects', 10],
  ] as const)('%s: %i a second', (limit, perSecond) => {
    expect(startsAtOnce(new Quotas({}, appId, frozenRuntime()), limit)).toBe(perSecond)
  })

  test('peer and channel messages count together, the two event queues each alone', () => {
    const quotas = new Quotas({ messages: 5, userEvents: 2 }, appId, frozenRuntime())
    expect(startsAtOnce(quotas, 'userEvents')).toBe(2)
    expect(startsAtOnce(quotas, 'channelEvents')).toBe(10)
    expect(startsAtOnce(quotas, 'messages')).toBe(5)
  })

  test('publishes count per channel', () => {
    const quotas = new Quotas({ publish: 3 }, appId, frozenRuntime())
    expect(startsAtOnce(quotas, 'publish', 'lobby')).toBe(3)
    expect(startsAtOnce(quotas, 'publish', 'stage')).toBe(3)
  })

  test('false turns off one, or all', () => {
    expect(startsAtOnce(new Quotas({ messages: false }, appId, frozenRuntime()), 'messages')).toBe(Infinity)
    expect(startsAtOnce(new Quotas(false, appId, frozenRuntime()), 'history')).toBe(Infinity)
  })

  test('the escape hatch counts against none', () => {
    expect(startsAtOnce(new Quotas({}, appId, frozenRuntime()), 'restCalls')).toBe(Infinity)
  })
})

test('a limiter shared by a fleet is asked by a key that holds the quota and the App ID', async () => {
  const keys: string[] = []
  const shared = { consume: async (key: string) => keys.push(key) }
  const quotas = new Quotas({ messages: shared, publish: shared, projects: shared }, appId, skippingRuntime())
  await quotas.enter('messages', undefined, waitUntil(1e9))
  await quotas.enter('publish', 'lobby', waitUntil(1e9))
  await quotas.enter('projects', undefined, waitUntil(1e9))
  expect(keys).toEqual([
    `agora-signaling:messages:${appId}`,
    `agora-signaling:publish:lobby:${appId}`,
    // The console counts per account.
    'agora-signaling:projects',
  ])
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
