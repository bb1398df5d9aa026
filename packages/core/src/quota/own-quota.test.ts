import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { machine } from '../runtime.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mostInASecond } from '../test-support/sliding-second.js'
import { OwnQuotaGate, arrivalMs } from './own-quota.js'
import type { QuotaPlace, QuotaWait } from './quota-gate.js'

const details = { method: 'POST', path: '/messages', attempts: [] }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function gateOf(perSecond: number, maxWaiting = 1000): OwnQuotaGate {
  return new OwnQuotaGate('messages', perSecond, maxWaiting, machine)
}

/** A call that may take so long from now. */
function within(ms: number, signal?: AbortSignal): QuotaWait {
  return { details, deadlineMs: performance.now() + ms, signal }
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

async function enter(gate: OwnQuotaGate, wait: QuotaWait = within(600_000)): Promise<QuotaPlace> {
  return gate.enter(wait)
}

/** A call that tells when it has its place. */
function watch(gate: OwnQuotaGate, wait?: QuotaWait): { place: QuotaPlace | undefined } {
  const call: { place: QuotaPlace | undefined } = { place: undefined }
  void enter(gate, wait).then(
    (place) => (call.place = place),
    () => undefined,
  )
  return call
}

describe('no second holds more requests than the limit', () => {
  test('at the server, whatever delays them on the way there, and every call has its turn', async () => {
    const story = fc.record({
      afterMs: fc.nat(300),
      /** Name, connection, a busy machine: until the request starts. */
      startsAfterMs: fc.oneof(fc.constant(0), fc.nat(3000)),
      arrivesAfterMs: fc.nat(arrivalMs),
      answeredAfterMs: fc.option(fc.nat(2000)),
      givesUpBeforeStart: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(story, { maxLength: 40 }),
        async (limit, stories) => {
          const gate = gateOf(limit)
          const arrivals: number[] = []
          let served = 0
          const calls: Promise<void>[] = []
          let nowMs = 0
          for (const {
            afterMs,
            startsAfterMs,
            arrivesAfterMs,
            answeredAfterMs,
            givesUpBeforeStart,
          } of stories) {
            nowMs += afterMs
            const call = async (): Promise<void> => {
              const place = await enter(gate)
              served += 1
              await machine.sleep(startsAfterMs)
              if (givesUpBeforeStart) {
                place.giveUp()
                return
              }
              expect(place.start()).toBe(true)
              await machine.sleep(arrivesAfterMs)
              arrivals.push(performance.now())
              if (answeredAfterMs === null) return
              await machine.sleep(answeredAfterMs)
              place.answered()
            }
            calls.push(machine.sleep(nowMs).then(call))
          }
          await vi.runAllTimersAsync()
          await Promise.all(calls)
          expect(served).toBe(stories.length)
          expect(mostInASecond(arrivals)).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('after the machine stood still for seconds', async () => {
    let stoodStillMs = 0
    const runtime = { ...machine, monotonicMs: () => performance.now() + stoodStillMs }
    const gate = new OwnQuotaGate('messages', 2, 1000, runtime)
    for (const call of [watch(gate), watch(gate)]) {
      await pass(0)
      call.place?.start()
    }
    const waiting = Array.from({ length: 6 }, () => watch(gate))
    stoodStillMs = 5000
    await pass(2000)
    expect(waiting.filter(({ place }) => place !== undefined)).toHaveLength(2)
  })
})

describe('a place is free again', () => {
  test('one second after the answer, since Agora has counted the request by then', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    place.start()
    const next = watch(gate)
    await pass(300)
    place.answered()
    await pass(999)
    expect(next.place).toBeUndefined()
    await pass(2)
    expect(next.place).toBeDefined()
  })

  test.each([
    ['never comes', () => undefined],
    ['is given up', (place: QuotaPlace) => place.giveUp()],
    ['comes late', (place: QuotaPlace) => setTimeout(() => place.answered(), 1200)],
  ])('a second and a half after a start whose answer %s', async (_, end) => {
    const gate = gateOf(1)
    const place = await enter(gate)
    place.start()
    end(place)
    const next = watch(gate)
    await pass(1000 + arrivalMs - 1)
    expect(next.place).toBeUndefined()
    await pass(2)
    expect(next.place).toBeDefined()
  })

  test('at once, when its call gives up before its request starts', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    const next = watch(gate)
    await pass(100)
    expect(next.place).toBeUndefined()
    place.giveUp()
    // Once is enough.
    place.giveUp()
    await pass(0)
    expect(next.place).toBeDefined()
    expect(watch(gate).place).toBeUndefined()
  })

  test('not before its request has started, however long that takes', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    const next = watch(gate)
    await pass(60_000)
    place.start()
    place.answered()
    await pass(999)
    expect(next.place).toBeUndefined()
    await pass(2)
    expect(next.place).toBeDefined()
  })

  test('also when the dispatcher never said that the request starts', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    place.answered()
    const next = watch(gate)
    await pass(999)
    expect(next.place).toBeUndefined()
    await pass(2)
    expect(next.place).toBeDefined()
  })
})

describe('a call that waits', () => {
  test('has its turn before those who came later', async () => {
    const gate = gateOf(1)
    const order: number[] = []
    for (const call of [0, 1, 2, 3, 4]) {
      void enter(gate).then((place) => {
        order.push(call)
        place.start()
        place.answered()
      })
    }
    await vi.runAllTimersAsync()
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  test('keeps its turn when a free place and a newcomer meet', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    const first = watch(gate)
    place.giveUp()
    const newcomer = watch(gate)
    await pass(0)
    expect([first.place === undefined, newcomer.place === undefined]).toEqual([false, true])
  })

  test('keeps its turn when its place is free and the machine is too busy to notice', async () => {
    let stoodStillMs = 0
    const runtime = { ...machine, monotonicMs: () => performance.now() + stoodStillMs }
    const gate = new OwnQuotaGate('messages', 1, 1000, runtime)
    const place = await enter(gate)
    place.start()
    const first = watch(gate)
    stoodStillMs = 5000
    const newcomer = watch(gate)
    await pass(2000)
    expect([first.place === undefined, newcomer.place === undefined]).toEqual([false, true])
  })

  test('does not wait with a signal that is aborted already', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    const aborted = rejectionOfAny(enter(gate, within(60_000, AbortSignal.abort(new Error('enough')))))
    await expect(aborted).resolves.toMatchObject({ cause: { message: 'enough' } })
    const next = watch(gate)
    place.giveUp()
    await pass(0)
    expect(next.place).toBeDefined()
  })

  test('leaves no place behind when its signal ends it', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    const controller = new AbortController()
    const aborted = rejectionOfAny(enter(gate, within(60_000, controller.signal)))
    const next = watch(gate)
    controller.abort(new Error('enough'))
    await expect(aborted).resolves.toMatchObject({ cause: { message: 'enough' } })
    place.giveUp()
    await pass(0)
    expect(next.place).toBeDefined()
  })

  test('is refused when its deadline comes, and told to come again', async () => {
    const gate = gateOf(1)
    await enter(gate)
    const refused = rejectionOf(enter(gate, within(500)))
    await pass(500)
    await expect(refused).resolves.toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL', attempts: [] })
    expect((await refused).message).toMatch(/quota of messages.*timeoutMs/)
  })

  test('is refused at once when its turn can only come after its deadline', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    place.start()
    expect(thrownBy(() => gate.enter(within(999)))).toMatchObject({
      code: 'ERR_QUOTA_QUEUE_FULL',
      retryAfterMs: 1000,
    })
    place.answered()
    await pass(400)
    expect(thrownBy(() => gate.enter(within(599)))).toMatchObject({ retryAfterMs: 600 })
    void enter(gate, within(10_000))
    expect(thrownBy(() => gate.enter(within(1599)))).toMatchObject({ retryAfterMs: 1600 })
    void enter(gate, within(1601)).catch(() => undefined)
  })

  test('is one of maxWaiting at most', async () => {
    const gate = gateOf(1, 2)
    await enter(gate)
    void enter(gate).catch(() => undefined)
    void enter(gate).catch(() => undefined)
    expect(thrownBy(() => gate.enter(within(60_000)))).toMatchObject({ code: 'ERR_QUOTA_QUEUE_FULL' })
  })

  test('keeps no timer behind when it has given up', async () => {
    const gate = gateOf(1)
    const place = await enter(gate)
    place.start()
    const controller = new AbortController()
    const aborted = rejectionOfAny(enter(gate, within(60_000, controller.signal)))
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    controller.abort()
    await aborted
    expect(vi.getTimerCount()).toBe(0)
  })
})

/** What a promise rejects with, where that is no error of this project. */
async function rejectionOfAny(failing: Promise<unknown>): Promise<unknown> {
  try {
    await failing
  } catch (error) {
    return error
  }
  throw new Error('It did not reject.')
}
