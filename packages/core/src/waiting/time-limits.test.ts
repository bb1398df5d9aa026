import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AbortedByCaller, TimeLimitReached, untilFirstAborted, withinTimeLimits } from './time-limits.js'

function never(): Promise<string> {
  return new Promise(() => undefined)
}

describe('withinTimeLimits', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('gives what the work gives, and leaves no timer', async () => {
    await expect(withinTimeLimits(Promise.resolve('done'), { timeoutMs: 100 })).resolves.toBe('done')
    const failure = new Error('failed')
    await expect(withinTimeLimits(Promise.reject(failure), { timeoutMs: 100 })).rejects.toBe(failure)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('ends the wait when the time is over', async () => {
    const waiting = withinTimeLimits(never(), { timeoutMs: 100 }).catch((reason: unknown) => reason)
    await vi.advanceTimersByTimeAsync(99)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await waiting).toBeInstanceOf(TimeLimitReached)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('ends the wait when the signal says so, and leaves no timer', async () => {
    const controller = new AbortController()
    const waiting = withinTimeLimits(never(), { timeoutMs: 100, signal: controller.signal })
    controller.abort('enough')
    await expect(waiting).rejects.toMatchObject({ constructor: AbortedByCaller, cause: 'enough' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('does not wait at all when the signal has said so before, whatever becomes of the work', async () => {
    const limits = { timeoutMs: 100, signal: AbortSignal.abort() }
    await expect(withinTimeLimits(never(), limits)).rejects.toBeInstanceOf(AbortedByCaller)
    await expect(withinTimeLimits(Promise.reject(new Error('failed')), limits)).rejects.toBeInstanceOf(
      AbortedByCaller,
    )
    expect(vi.getTimerCount()).toBe(0)
  })

  test('leaves no listener on a signal that many calls share, and does not let Node warn of them', async () => {
    const { signal } = new AbortController()
    const warn = vi.spyOn(process, 'emitWarning')
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    const limits = { timeoutMs: 100, signal }
    await Promise.all(Array.from({ length: 20 }, () => withinTimeLimits(Promise.resolve(), limits)))
    const outOfTime = withinTimeLimits(never(), limits).catch(() => undefined)
    await vi.advanceTimersByTimeAsync(100)
    await outOfTime
    expect(add).toHaveBeenCalledTimes(21)
    expect(remove).toHaveBeenCalledTimes(21)
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('what may be ended by several', () => {
  test.each([0, 1])('is ended by signal %d alone, with its reason', async (index) => {
    const controllers = [new AbortController(), new AbortController()]
    const working = untilFirstAborted(
      controllers.map(({ signal }) => signal),
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    controllers[index]?.abort('the reason')
    await expect(working).rejects.toBe('the reason')
  })

  test('begins with an aborted signal when one was aborted before', async () => {
    const signals = [new AbortController().signal, AbortSignal.abort('before')]
    expect(await untilFirstAborted(signals, async ({ reason }): Promise<unknown> => reason)).toBe('before')
  })

  test('leaves no listener behind, whether it succeeds or fails', async () => {
    const { signal } = new AbortController()
    const listeners = (): number => getEventListeners(signal, 'abort').length
    expect(await untilFirstAborted([signal], async () => listeners())).toBe(1)
    expect(listeners()).toBe(0)
    await expect(untilFirstAborted([signal], () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    )
    expect(listeners()).toBe(0)
  })
})
