import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MemoryNotificationStore } from '../notifications/store.js'
import type { NotificationStore } from '../notifications/store.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { deferred } from '../test-support/deferred.js'
import { matching } from '../test-support/matchers.js'
import { done, endpointOf, onError, post, throwing, toldCodes } from '../test-support/notification-posts.js'
import { unchecked } from '../test-support/unchecked.js'

useCleanEnvironment()
beforeEach(() => {
  onError.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a store', () => {
  const failing: [string, () => unknown][] = [
    ['throws', throwing(new Error('down'))],
    ['throws undefined', throwing(undefined)],
    ['fails', () => Promise.reject(new Error('down'))],
    ['never answers', () => new Promise(() => undefined)],
  ]

  test.each<[string, () => unknown]>([
    ...failing,
    ['answers nothing', () => undefined],
    ['answers true', () => true],
    ['answers OK', async () => 'OK'],
    ['answers in capitals', async () => 'CLAIMED'],
  ])('whose claim() %s: nothing is handled, and Agora is asked to send again', async (_, claim) => {
    vi.useFakeTimers()
    const onNotification = vi.fn<() => void>()
    const store = unchecked(new MemoryNotificationStore(), { claim })
    const answer = post(endpointOf({ store, onNotification }))
    await vi.advanceTimersByTimeAsync(2000)
    expect(await answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': matching(/^[0-9]+$/) },
      body: { code: 'ERR_WEBHOOK_STORE' },
    })
    expect(onNotification).not.toHaveBeenCalled()
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_STORE'])
  })

  test('whose claim() comes too late is freed again for the resend', async () => {
    vi.useFakeTimers()
    const memory = new MemoryNotificationStore()
    const claim = vi.fn<NotificationStore['claim']>((key, owner, leaseMs) =>
      memory.claim(key, owner, leaseMs),
    )
    claim.mockImplementationOnce(async (key, owner, leaseMs) => {
      await new Promise((resolve) => setTimeout(resolve, 3000))
      return memory.claim(key, owner, leaseMs)
    })
    const store = { claim, settle: memory.settle.bind(memory), release: memory.release.bind(memory) }
    const endpoint = endpointOf({ store })
    const first = post(endpoint)
    await vi.advanceTimersByTimeAsync(3000)
    expect(await first).toMatchObject({ status: 503 })
    expect(await post(endpoint)).toEqual(done)
  })

  test.each(failing)(
    'whose settle() %s: the work is done, so Agora is told so, and you are told',
    async (_, settle) => {
      vi.useFakeTimers()
      const answer = post(endpointOf({ store: unchecked(new MemoryNotificationStore(), { settle }) }))
      await vi.advanceTimersByTimeAsync(2000)
      expect(await answer).toEqual(done)
      expect(toldCodes()).toEqual(['ERR_WEBHOOK_STORE'])
    },
  )

  test.each(failing)(
    'whose release() %s: the failure of the handler is told, and that of the store',
    async (_, release) => {
      vi.useFakeTimers()
      const outcomes = [() => Promise.reject(new Error('no')), () => undefined]
      const store = unchecked(new MemoryNotificationStore(), { release })
      const endpoint = endpointOf({ store, onNotification: () => outcomes.shift()?.() })
      const answer = post(endpoint)
      await vi.advanceTimersByTimeAsync(2000)
      expect(await answer).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_HANDLER' } })
      expect(toldCodes()).toEqual(['ERR_WEBHOOK_STORE', 'ERR_WEBHOOK_HANDLER'])
      // The lease ends by itself, while the resend waits.
      const resend = post(endpoint)
      await vi.advanceTimersByTimeAsync(5500)
      expect(await resend).toEqual(done)
    },
  )

  test('that fails while a handler is at work is told of once, and the handler goes on', async () => {
    vi.useFakeTimers()
    const handling = deferred()
    const memory = new MemoryNotificationStore()
    let claims = 0
    const store = unchecked(new MemoryNotificationStore(), {
      claim: (key: string, owner: string, leaseMs: number) => {
        if (claims++ > 0) throw new Error('down')
        return memory.claim(key, owner, leaseMs)
      },
    })
    const answer = post(endpointOf({ store, onNotification: () => handling.promise }))
    await vi.advanceTimersByTimeAsync(7000)
    handling.resolve()
    expect(await answer).toEqual(done)
    expect(claims).toBeGreaterThan(2)
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_STORE'])
  })

  test('remembers for a day', async () => {
    vi.useFakeTimers()
    const onNotification = vi.fn<() => void>()
    const endpoint = endpointOf({ onNotification })
    await post(endpoint)
    await vi.advanceTimersByTimeAsync(24 * 3_600_000 - 1)
    await post(endpoint)
    expect(onNotification).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    await post(endpoint)
    expect(onNotification).toHaveBeenCalledTimes(2)
  })
})
