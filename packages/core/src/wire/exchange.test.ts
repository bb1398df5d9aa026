import { setImmediate as nextTurn } from 'node:timers/promises'
import { Dispatcher } from 'undici'
import { describe, expect, test, vi } from 'vitest'
import { exchange, PermitTooOld } from './exchange.js'
import type { Exit } from './exchange.js'
import type { QuotaPlace } from '../quota/quota-gate.js'
import { Room } from '../waiting/room.js'

const request = { origin: 'http://agora', method: 'POST', target: '/', headers: {} }
const limits = { timeoutMs: 60_000, maxBodyBytes: 1000 }

/** Takes requests, and does with them what the test says. */
class ManualDispatcher extends Dispatcher {
  readonly handlers: Dispatcher.DispatchHandler[] = []
  readonly aborted: unknown[] = []
  readonly controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    pause: () => undefined,
    resume: () => undefined,
    abort: (reason) => void this.aborted.push(reason),
  }

  override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.handlers.push(handler)
    return true
  }

  start(index: number): void {
    this.handlers[index]?.onRequestStart?.(this.controller, undefined)
  }

  answer(index: number): void {
    this.handlers[index]?.onResponseStart?.(this.controller, 200, {})
    this.handlers[index]?.onResponseEnd?.(this.controller, {})
  }

  fail(index: number): void {
    this.handlers[index]?.onResponseError?.(this.controller, new Error('broken'))
  }
}

function placeThatIs(fresh: boolean) {
  return {
    start: vi.fn<() => boolean>(() => fresh),
    answered: vi.fn<() => void>(),
    giveUp: vi.fn<() => void>(),
  } satisfies QuotaPlace
}

function exits(): { dispatcher: ManualDispatcher; ours: Exit; supplied: Exit } {
  const dispatcher = new ManualDispatcher()
  return {
    dispatcher,
    ours: { dispatcher, room: new Room(1) },
    supplied: { dispatcher, room: undefined },
  }
}

describe('a place in a quota', () => {
  test('starts with its request and hears of the answer', async () => {
    const { dispatcher, ours } = exits()
    const place = placeThatIs(true)
    const exchanging = exchange(ours, request, limits, place)
    expect(place.start).not.toHaveBeenCalled()
    dispatcher.start(0)
    expect(place.start).toHaveBeenCalledTimes(1)
    dispatcher.answer(0)
    await expect(exchanging).resolves.toMatchObject({ status: 200 })
    expect(place.answered).toHaveBeenCalled()
    expect(place.giveUp).not.toHaveBeenCalled()
  })

  test('is given up by a request that is aborted, or has no time, before it begins', async () => {
    const { dispatcher, ours } = exits()
    for (const ended of [{ signal: AbortSignal.abort() }, { timeoutMs: 0 }]) {
      const place = placeThatIs(true)
      await expect(exchange(ours, request, { ...limits, ...ended }, place)).rejects.toMatchObject({
        requestStarted: false,
      })
      expect(place.giveUp).toHaveBeenCalledTimes(1)
    }
    expect(dispatcher.handlers).toHaveLength(0)
  })

  test('that has become too old stops the request before its first byte, and leaves the connection open', async () => {
    const { dispatcher, ours } = exits()
    const exchanging = exchange(ours, request, limits, placeThatIs(false))
    expect(() => dispatcher.start(0)).toThrow(PermitTooOld)
    await expect(exchanging).rejects.toBeInstanceOf(PermitTooOld)
    expect(dispatcher.aborted).toEqual([])
  })

  test('that has become too old is used all the same with a dispatcher of the user', async () => {
    const { dispatcher, supplied } = exits()
    const exchanging = exchange(supplied, request, limits, placeThatIs(false))
    dispatcher.start(0)
    dispatcher.answer(0)
    await expect(exchanging).resolves.toMatchObject({ status: 200 })
  })
})

describe('a request whose caller has given up', () => {
  test('is stopped before its first byte, in a pool of ours without closing the connection', async () => {
    const { dispatcher, ours } = exits()
    const controller = new AbortController()
    const place = placeThatIs(true)
    const exchanging = exchange(ours, request, { ...limits, signal: controller.signal }, place)
    controller.abort()
    await expect(exchanging).rejects.toMatchObject({ requestStarted: false })
    expect(place.giveUp).toHaveBeenCalledTimes(1)
    expect(() => dispatcher.start(0)).toThrow('Aborted by the caller.')
    expect([dispatcher.aborted, place.start.mock.calls]).toEqual([[], []])
  })

  test('is aborted, not thrown at, in a dispatcher of the user', async () => {
    const { dispatcher, supplied } = exits()
    const controller = new AbortController()
    const exchanging = exchange(supplied, request, { ...limits, signal: controller.signal }, undefined)
    controller.abort()
    await expect(exchanging).rejects.toMatchObject({ requestStarted: false })
    dispatcher.start(0)
    expect(dispatcher.aborted).toHaveLength(1)
  })
})

describe('room for one request', () => {
  test.each(['answer', 'fail'] as const)(
    'goes to the next one when the first has ended by: %s',
    async (end) => {
      const { dispatcher, ours } = exits()
      const calls = [0, 1, 2].map(() => exchange(ours, request, limits, undefined).catch(() => undefined))
      for (const index of [0, 1, 2]) {
        await vi.waitFor(() => expect(dispatcher.handlers).toHaveLength(index + 1))
        dispatcher.start(index)
        dispatcher[end](index)
        // Undici's own work goes before that of the next request.
        expect(dispatcher.handlers).toHaveLength(index + 1)
      }
      await Promise.all(calls)
    },
  )

  test('is left once, though a failure is reported twice', async () => {
    const { dispatcher, ours } = exits()
    const first = exchange(ours, request, limits, undefined).catch(() => 'failed')
    dispatcher.fail(0)
    dispatcher.fail(0)
    await expect(first).resolves.toBe('failed')
    const others = [1, 2].map(() => exchange(ours, request, limits, undefined))
    await nextTurn()
    expect(dispatcher.handlers).toHaveLength(2)
    dispatcher.answer(1)
    await nextTurn()
    dispatcher.answer(2)
    await Promise.all(others)
  })

  test('is kept by a request that undici still holds, though its caller has given up', async () => {
    const { dispatcher, ours } = exits()
    const controller = new AbortController()
    const first = exchange(ours, request, { ...limits, signal: controller.signal }, undefined).catch(
      () => undefined,
    )
    const second = exchange(ours, request, limits, undefined)
    controller.abort()
    await first
    await nextTurn()
    expect(dispatcher.handlers).toHaveLength(1)
    dispatcher.fail(0)
    await nextTurn()
    expect(dispatcher.handlers).toHaveLength(2)
    dispatcher.answer(1)
    await second
  })

  test('is not used by a request that gave up in the line, nor by one that gave up at its turn', async () => {
    const { dispatcher, ours } = exits()
    const inLine = new AbortController()
    const atTurn = new AbortController()
    const first = exchange(ours, request, limits, undefined)
    const waiting = [inLine, atTurn].map(({ signal }) =>
      exchange(ours, request, { ...limits, signal }, undefined).catch(() => 'gave up'),
    )
    const last = exchange(ours, request, limits, undefined)
    inLine.abort()
    dispatcher.answer(0)
    // The room is promised already, and not entered yet.
    atTurn.abort()
    await expect(Promise.all([...waiting, first])).resolves.toMatchObject([
      'gave up',
      'gave up',
      { status: 200 },
    ])
    await nextTurn()
    expect(dispatcher.handlers).toHaveLength(2)
    dispatcher.answer(1)
    await last
  })
})
