import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MemoryNotificationStore } from '../notifications/store.js'
import type { NotificationStore } from '../notifications/store.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { deferred } from '../test-support/deferred.js'
import { having, matching } from '../test-support/matchers.js'
import { done, endpointOf, onError, post, toldCodes } from '../test-support/notification-posts.js'

useCleanEnvironment()
beforeEach(() => {
  onError.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a resend that overtakes', () => {
  test('shares the outcome: one handling, and one answer', async () => {
    const [started, handling] = [deferred(), deferred()]
    const onNotification = vi.fn<() => Promise<void>>(() => {
      started.resolve()
      return handling.promise
    })
    const endpoint = endpointOf({ onNotification })
    const answers = [post(endpoint)]
    await started.promise
    answers.push(post(endpoint), post(endpoint))
    handling.resolve()
    expect(await Promise.all(answers)).toEqual([done, done, done])
    expect(onNotification).toHaveBeenCalledTimes(1)
  })

  test('is not told that all is well when the handling fails', async () => {
    const [started, handling] = [deferred(), deferred()]
    const onNotification = (): Promise<void> => {
      started.resolve()
      return handling.promise
    }
    const endpoint = endpointOf({ onNotification })
    const answers = [post(endpoint)]
    await started.promise
    answers.push(post(endpoint))
    handling.reject(new Error('no'))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 500])
  })
})

describe('a handler that takes long', () => {
  test('is answered with 500 after timeoutMs; the resend waits for it, and it runs once', async () => {
    vi.useFakeTimers()
    const handling = deferred()
    const onNotification = vi.fn<() => Promise<void>>(() => handling.promise)
    const endpoint = endpointOf({ onNotification })
    const first = post(endpoint)
    await vi.advanceTimersByTimeAsync(7999)
    const resend = post(endpoint)
    await vi.advanceTimersByTimeAsync(1)
    expect(await first).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_HANDLER' } })
    handling.resolve()
    expect(await resend).toEqual(done)
    expect(await post(endpoint)).toEqual(done)
    expect(onNotification).toHaveBeenCalledTimes(1)
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_HANDLER'])
  })

  test('and fails in the end is told of once, and its resend is handled', async () => {
    vi.useFakeTimers()
    const handling = deferred()
    const outcomes = [() => handling.promise, () => Promise.resolve()]
    const endpoint = endpointOf({ onNotification: () => outcomes.shift()?.() })
    const answers = [post(endpoint), post(endpoint)]
    await vi.advanceTimersByTimeAsync(8000)
    await Promise.all(answers)
    onError.mockReset()
    handling.reject(new Error('late'))
    await vi.advanceTimersByTimeAsync(0)
    expect(onError.mock.calls).toEqual([[having({ cause: new Error('late') })]])
    expect(await post(endpoint)).toEqual(done)
    expect(outcomes).toEqual([])
  })

  test('and never ends is given up after a minute: the next resend is handled again', async () => {
    vi.useFakeTimers()
    const outcomes = [() => new Promise<void>(() => undefined), () => Promise.resolve()]
    const endpoint = endpointOf({ onNotification: () => outcomes.shift()?.() })
    void post(endpoint)
    await vi.advanceTimersByTimeAsync(59_999)
    expect(outcomes).toHaveLength(1)
    onError.mockReset()
    await vi.advanceTimersByTimeAsync(1)
    expect(String(onError.mock.calls[0]?.[0])).toMatch(/has not ended after 60 s/)
    expect(await post(endpoint)).toEqual(done)
    expect(outcomes).toEqual([])
  })

  test('and ends after it was given up is done all the same', async () => {
    vi.useFakeTimers()
    const handling = deferred()
    const onNotification = vi.fn<() => Promise<void>>(() => handling.promise)
    const endpoint = endpointOf({ onNotification })
    void post(endpoint)
    await vi.advanceTimersByTimeAsync(60_000)
    handling.resolve()
    await vi.advanceTimersByTimeAsync(0)
    expect(await post(endpoint)).toEqual(done)
    expect(onNotification).toHaveBeenCalledTimes(1)
  })
})

describe('two processes with one store', () => {
  test('while one is at work the other waits, and answers with its outcome', async () => {
    vi.useFakeTimers()
    const store = new MemoryNotificationStore()
    const handling = deferred()
    const second = vi.fn<() => void>()
    const [a, b] = [
      endpointOf({ store, onNotification: () => handling.promise }),
      endpointOf({ store, onNotification: second }),
    ]
    const first = post(a)
    await vi.advanceTimersByTimeAsync(0)
    const resend = post(b)
    await vi.advanceTimersByTimeAsync(7000)
    handling.resolve()
    await vi.advanceTimersByTimeAsync(500)
    expect(await Promise.all([first, resend])).toEqual([done, done])
    expect(second).not.toHaveBeenCalled()
  })

  test('and the first does not end, the other says "again later": 503 with Retry-After, never 200', async () => {
    vi.useFakeTimers()
    const store = new MemoryNotificationStore()
    const second = vi.fn<() => void>()
    const a = endpointOf({ store, onNotification: () => new Promise(() => undefined) })
    const b = endpointOf({ store, onNotification: second })
    void post(a)
    await vi.advanceTimersByTimeAsync(0)
    const resend = post(b)
    await vi.advanceTimersByTimeAsync(8000)
    expect(await resend).toMatchObject({
      status: 503,
      headers: { 'retry-after': matching(/^[1-9]/) },
      body: { code: 'ERR_WEBHOOK_IN_PROGRESS' },
    })
    expect(second).not.toHaveBeenCalled()
  })

  test('and the first fails, the other handles it within the same resend', async () => {
    vi.useFakeTimers()
    const store = new MemoryNotificationStore()
    const handling = deferred()
    const second = vi.fn<() => void>()
    const a = endpointOf({ store, onNotification: () => handling.promise })
    const b = endpointOf({ store, onNotification: second })
    const first = post(a)
    await vi.advanceTimersByTimeAsync(0)
    const resend = post(b)
    await vi.advanceTimersByTimeAsync(3000)
    handling.reject(new Error('no'))
    await vi.advanceTimersByTimeAsync(500)
    expect([await first, await resend]).toMatchObject([{ status: 500 }, done])
    expect(second).toHaveBeenCalledTimes(1)
  })

  test('and the first lost its claim, it takes nothing from the one who has it now', async () => {
    vi.useFakeTimers()
    const store = recording()
    const handling = deferred()
    const first = post(endpointOf({ store, onNotification: () => handling.promise }))
    await vi.advanceTimersByTimeAsync(0)
    // As if the process had stood still for so long that its lease ended.
    store.release('1:same', store.owners[0] ?? '')
    expect(store.claim('1:same', 'other', 60_000)).toBe('claimed')
    handling.reject(new Error('no'))
    await vi.advanceTimersByTimeAsync(0)
    expect(await first).toMatchObject({ status: 500 })
    expect(store.claim('1:same', 'third', 60_000)).toBe('in-progress')
  })

  test('each handling has an owner of its own', async () => {
    const store = recording()
    const endpoint = endpointOf({ store, onNotification: () => Promise.reject(new Error('no')) })
    await post(endpoint)
    await post(endpoint)
    expect(new Set(store.owners).size).toBe(2)
  })

  test('one that is at work has its claim for as long as it works, and for no longer', async () => {
    vi.useFakeTimers()
    const store = recording()
    const handling = deferred()
    const first = post(endpointOf({ store, onNotification: () => handling.promise }))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(store.claim('1:same', 'other', 1)).toBe('in-progress')
    handling.reject(new Error('no'))
    await first
    await vi.advanceTimersByTimeAsync(0)
    store.owners.length = 0
    await vi.advanceTimersByTimeAsync(30_000)
    expect(store.owners).toEqual([])
  })

  test('nor does a renewal that is on its way when the work ends begin another', async () => {
    vi.useFakeTimers()
    const memory = recording()
    const handling = deferred()
    const claim: NotificationStore['claim'] = async (...step) => {
      const answer = memory.claim(...step)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return answer
    }
    const store = { claim, settle: memory.settle.bind(memory), release: memory.release.bind(memory) }
    const first = post(endpointOf({ store, onNotification: () => handling.promise }))
    await vi.advanceTimersByTimeAsync(1000 + 5000 / 3 + 100)
    expect(memory.owners).toHaveLength(2)
    handling.resolve()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await first).toEqual(done)
    expect(memory.owners).toHaveLength(2)
  })
})

/** A memory store that remembers who claimed. */
function recording(change: Partial<NotificationStore> = {}): MemoryNotificationStore & { owners: string[] } {
  const memory = new MemoryNotificationStore()
  const claim = memory.claim.bind(memory)
  const owners: string[] = []
  return Object.assign(memory, {
    owners,
    claim: (key: string, owner: string, leaseMs: number) => {
      owners.push(owner)
      return claim(key, owner, leaseMs)
    },
    ...change,
  })
}
