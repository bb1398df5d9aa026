import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { machine } from '../runtime.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import type { QuotaPlace, QuotaWait } from './quota-gate.js'
import { SharedQuotaGate, placeIsFreshMs } from './shared-quota.js'
import type { SharedLimiter } from './shared-quota.js'

const details = { method: 'POST', path: '/messages', attempts: [] }

function gateOf(shared: SharedLimiter, runtime = machine, maxWaiting = 1000): SharedQuotaGate {
  return new SharedQuotaGate('messages', shared, 'the-key', maxWaiting, runtime)
}

function until(deadlineMs: number, signal?: AbortSignal): QuotaWait {
  return { details, deadlineMs, signal }
}

const patient = until(1e9)

function usedUp(msBeforeNext: number): Error {
  return Object.assign(new Error('used up'), { msBeforeNext })
}

/** Gives so many places, then refuses once, and so on. */
function limiter(points: number): SharedLimiter {
  let left = points
  return {
    consume: async () => {
      if (left > 0) return { remainingPoints: (left -= 1) }
      left = points
      throw usedUp(250)
    },
  }
}

/** A limiter that answers when the test says so. */
class SlowLimiter implements SharedLimiter {
  readonly grants: (() => void)[] = []
  readonly refusals: ((reason: unknown) => void)[] = []

  consume(): Promise<unknown> {
    return new Promise<void>((grant, refuse) => {
      this.grants.push(grant)
      this.refusals.push(refuse)
    })
  }
}

async function enter(gate: SharedQuotaGate, wait: QuotaWait = patient): Promise<QuotaPlace> {
  return gate.enter(wait)
}

describe('a shared limiter', () => {
  test('is asked for many calls at the same time, so that the way to it caps nothing, but not for any number', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const calls = Promise.all(Array.from({ length: 100 }, () => enter(gate)))
    expect(slow.grants).toHaveLength(32)
    while (slow.grants.length < 100) {
      for (const grant of slow.grants) grant()
      await nextTurn()
      expect(slow.grants.length).toBeLessThanOrEqual(100)
    }
    for (const grant of slow.grants) grant()
    await calls
  })

  test('gives places in order, whichever question it answers first', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const order: number[] = []
    const calls = [0, 1, 2].map((call) => enter(gate).then(() => order.push(call)))
    for (const grant of slow.grants.toReversed()) {
      grant()
      await nextTurn()
    }
    await Promise.all(calls)
    expect(order).toEqual([0, 1, 2])
  })

  test('is waited for as long as it says, in order', async () => {
    const runtime = skippingRuntime()
    const gate = gateOf(limiter(2), runtime)
    const order: number[] = []
    await Promise.all([0, 1, 2, 3].map((call) => enter(gate).then(() => order.push(call))))
    expect(order).toEqual([0, 1, 2, 3])
    expect(runtime.waits[0]).toBe(250)
  })

  test.each([0, -5, 0.2])('that asks to wait %j ms is not asked in a tight loop', async (msBeforeNext) => {
    const runtime = skippingRuntime()
    let asked = 0
    const consume = async (): Promise<void> => {
      asked += 1
      if (asked === 1) throw usedUp(msBeforeNext)
    }
    await enter(gateOf({ consume }, runtime))
    expect(runtime.waits).toEqual([1])
  })

  test('is asked by one call at a time after it refused, until it gives places again', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow, skippingRuntime())
    const calls = Array.from({ length: 8 }, () => enter(gate))
    expect(slow.grants).toHaveLength(8)
    for (const refuse of slow.refusals) refuse(usedUp(10))
    await vi.waitFor(() => expect(slow.grants).toHaveLength(9))
    slow.grants[8]?.()
    await vi.waitFor(() => expect(slow.grants).toHaveLength(11))
    for (let index = 9; index < 16; index++) {
      await vi.waitFor(() => expect(slow.grants.length).toBeGreaterThan(index))
      slow.grants[index]?.()
    }
    await Promise.all(calls)
  })

  test('that would have a call wait beyond its deadline refuses it', async () => {
    const runtime = skippingRuntime()
    const gate = gateOf(limiter(0), runtime)
    await expect(rejectionOf(enter(gate, until(runtime.monotonicMs() + 100)))).resolves.toMatchObject({
      code: 'ERR_QUOTA_QUEUE_FULL',
      retryAfterMs: 250,
    })
  })

  test('that refused is not asked again by a call that has no time for its pause', async () => {
    const consume = vi.fn<() => Promise<void>>(async () => {
      throw usedUp(60_000)
    })
    const gate = gateOf({ consume })
    const controller = new AbortController()
    const waiting = gate.enter(until(performance.now() + 120_000, controller.signal)).catch(() => undefined)
    await nextTurn()
    const error = thrownBy(() => gate.enter(until(performance.now() + 1000)))
    expect(error).toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL' })
    expect(consume).toHaveBeenCalledTimes(1)
    controller.abort()
    await waiting
  })

  test.each([
    ['rejects with an error', async () => Promise.reject(new Error('connect ECONNREFUSED'))],
    [
      'throws',
      () => {
        throw new Error('connect ECONNREFUSED')
      },
    ],
    [
      'rejects with a wait that is none',
      async () => Promise.reject(Object.assign(new Error('x'), { msBeforeNext: 'soon' })),
    ],
    ['rejects with nothing', async () => Promise.reject(new Error())],
  ] satisfies [string, () => Promise<unknown>][])(
    'that %s is no permission to send: the error says so, and the next call gets its turn',
    async (_, fail) => {
      let fails = true
      const consume = (): Promise<unknown> => {
        if (!fails) return Promise.resolve()
        fails = false
        return fail()
      }
      const gate = gateOf({ consume })
      const error = await rejectionOf(enter(gate))
      expect(error).toMatchObject({ code: 'ERR_QUOTA_LIMITER', retryAfterMs: 1000 })
      expect(error.cause).toBeInstanceOf(Error)
      expect(error.message).toContain('quotas.messages')
      await enter(gate)
    },
  )

  test('that never answers is named when the deadline of a call comes', async () => {
    const gate = gateOf(new SlowLimiter())
    const error = await rejectionOf(enter(gate, until(performance.now() + 30)))
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', attempts: [] })
    expect(error.message).toMatch(/shared limiter of quotas\.messages.*timeoutMs/)
  })

  test('that serves others is not blamed for the deadline of a call: the quota is', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const first = enter(gate)
    const refused = rejectionOf(enter(gate, until(performance.now() + 100)))
    slow.grants[0]?.()
    await first
    await expect(refused).resolves.toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL' })
  })

  test('that lost its questions is asked again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const slow = new SlowLimiter()
      const gate = gateOf(slow)
      const calls = Promise.all(Array.from({ length: 40 }, () => enter(gate)))
      expect(slow.grants).toHaveLength(32)
      await vi.advanceTimersByTimeAsync(5000)
      expect(slow.grants).toHaveLength(64)
      for (const grant of slow.grants.slice(32)) grant()
      await vi.advanceTimersByTimeAsync(0)
      for (const grant of slow.grants.slice(64)) grant()
      await calls
    } finally {
      vi.useRealTimers()
    }
  })

  test('serves the others when a call gives up while it is asked', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const controller = new AbortController()
    const aborted = Promise.resolve(gate.enter(until(1e9, controller.signal))).catch(() => 'gave up')
    const next = enter(gate)
    controller.abort()
    await expect(aborted).resolves.toBe('gave up')
    // The place that was asked for the first goes to the second.
    slow.grants[0]?.()
    await next
  })

  test('lets no more than maxWaiting calls wait', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow, machine, 2)
    const calls = Array.from({ length: 34 }, () => enter(gate))
    expect(thrownBy(() => gate.enter(patient))).toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL' })
    for (const grant of slow.grants) grant()
    await vi.waitFor(() => expect(slow.grants).toHaveLength(34))
    for (const grant of slow.grants) grant()
    await Promise.all(calls)
  })
})

describe('a place of a shared limiter', () => {
  test('is not used when the request starts long after the limiter counted it', async () => {
    const runtime = skippingRuntime()
    const place = await enter(gateOf(limiter(10), runtime))
    await runtime.sleep(placeIsFreshMs + 1)
    expect(place.start()).toBe(false)
  })

  test('stays used, once the request has started', async () => {
    const runtime = skippingRuntime()
    const place = await enter(gateOf(limiter(10), runtime))
    expect(place.start()).toBe(true)
    await runtime.sleep(placeIsFreshMs + 1)
    expect(place.start()).toBe(true)
  })

  test('goes to the next call when it is given up, and not when it was used', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const first = enter(gate)
    slow.grants[0]?.()
    const place = await first
    let served = 0
    const waiting = [enter(gate), enter(gate)].map((call) => call.then(() => (served += 1)))
    place.giveUp()
    place.giveUp()
    await nextTurn()
    expect(served).toBe(1)
    for (const grant of slow.grants) grant()
    await Promise.all(waiting)
  })

  test('of a call that comes back is found before those of the others', async () => {
    const slow = new SlowLimiter()
    const gate = gateOf(slow)
    const order: string[] = []
    const calls = [
      enter(gate).then(() => order.push('other')),
      enter(gate, { ...patient, comesBack: true }).then(() => order.push('came back')),
    ]
    for (const grant of slow.grants) grant()
    await Promise.all(calls)
    expect(order).toEqual(['came back', 'other'])
  })
})
