import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AgoraAbortError, AgoraConfigError } from '../errors.js'
import { deferred } from '../test-support/deferred.js'
import {
  closing,
  numbered,
  sender,
  untilInterrupted,
  upTo,
  users,
  viaJson,
} from '../test-support/fake-sending.js'
import { sendMany } from './send-many.js'
import type { OutgoingMessage } from './send-many-options.js'

afterEach(() => {
  vi.useRealTimers()
})

describe('an abort', () => {
  test('before the start sends nothing, and closes the source', async () => {
    const send = sender()
    const source = closing()
    const report = await sendMany(send, source, { signal: AbortSignal.abort() })
    expect(report).toEqual({
      outcomes: [],
      succeeded: 0,
      failed: 0,
      notSent: 0,
      resume: { nextIndex: 0, notSent: [] },
      end: 'aborted',
    })
    expect([send.sent, source.closed]).toEqual([[], 1])
  })

  test('leaves messages that have not left, waits for those that have, and says which ones are left', async () => {
    const controller = new AbortController()
    const answer = deferred()
    const send = sender(async (to, way) => {
      if (to === 'user-1') return untilInterrupted(way)
      if (to === 'user-2') {
        controller.abort()
        await answer.promise
      }
      return undefined
    })
    const sending = sendMany(send, numbered(10), { concurrency: 3, signal: controller.signal })
    let isOver = false
    void sending.then(() => {
      isOver = true
    })
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    expect(isOver).toBe(false)
    answer.resolve()
    const report = await sending
    expect(report).toMatchObject({ end: 'aborted', succeeded: report.succeeded, failed: 0, notSent: 1 })
    expect(report.outcomes).toContainEqual({ index: 1, status: 'not-sent' })
    expect(report.resume.notSent).toEqual([1])
    expect(send.sent).not.toContain('user-1')
    expect(send.sent).toContain('user-2')
  })

  test('and the rest is sent with the report’s resume, also from JSON: each message once', async () => {
    const controller = new AbortController()
    const first = sender((to, way) => {
      if (to === 'user-3') controller.abort()
      return to === 'user-1' || to === 'user-2' ? untilInterrupted(way) : undefined
    })
    const report = await sendMany(first, numbered(10), { concurrency: 4, signal: controller.signal })
    expect(report.resume.notSent).toEqual([1, 2])
    const second = sender()
    const rest = await sendMany(second, numbered(10), { resume: viaJson(report.resume) })
    expect(rest).toMatchObject({ end: 'done', resume: { nextIndex: 10, notSent: [] } })
    expect(second.sent.slice(0, 2)).toEqual(users(1, 2))
    expect([...first.sent, ...second.sent].toSorted()).toEqual(users(...upTo(10)).toSorted())
    expect(rest.outcomes.map(({ index }) => index)).toEqual([
      1,
      2,
      ...upTo(10).slice(report.resume.nextIndex),
    ])
  })

  test('in a sending that was resumed keeps what the first one left', async () => {
    const controller = new AbortController()
    const send = sender((to) => {
      if (to === 'user-2') controller.abort()
    })
    const resume = { nextIndex: 8, notSent: [2, 5] }
    const report = await sendMany(send, numbered(10), { resume, concurrency: 1, signal: controller.signal })
    expect(send.sent).toEqual(users(2))
    expect(report.resume).toEqual({ nextIndex: 8, notSent: [5] })
  })

  test('ends the wait for a source that never answers', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const source = closing({ next: () => new Promise(() => undefined) })
    const sending = sendMany(sender(), source, { signal: controller.signal })
    await vi.advanceTimersByTimeAsync(10_000)
    controller.abort()
    await vi.advanceTimersByTimeAsync(1000)
    await expect(sending).resolves.toMatchObject({ end: 'aborted', resume: { nextIndex: 0 } })
    expect(source.closed).toBe(1)
  })

  test('ends it as well when the source itself aborts and then never answers', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const source = closing({
      next: () => {
        controller.abort()
        return new Promise(() => undefined)
      },
    })
    const sending = sendMany(sender(), source, { signal: controller.signal })
    await vi.advanceTimersByTimeAsync(1000)
    await expect(sending).resolves.toMatchObject({ end: 'aborted', resume: { nextIndex: 0 } })
  })

  test('counts a message that the source gives while it is closed: it was taken, and is not sent', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const answer = deferred<IteratorResult<OutgoingMessage>>()
    const source = closing({ next: () => answer.promise })
    const send = sender()
    const sending = sendMany(send, source, { signal: controller.signal })
    await vi.advanceTimersByTimeAsync(0)
    controller.abort()
    answer.resolve({ done: false, value: { to: 'late', payload: 'hi' } })
    await expect(sending).resolves.toMatchObject({
      outcomes: [{ index: 0, status: 'not-sent' }],
      notSent: 1,
      resume: { nextIndex: 1, notSent: [0] },
    })
    expect(send.sent).toEqual([])
  })

  test.each<[string, unknown]>([
    ['the client is closed', new AgoraConfigError('ERR_CLIENT_CLOSED', 'closed')],
    [
      'the request that the client was made for is over',
      new AgoraAbortError('aborted', { method: 'POST', path: '/', attempts: [] }),
    ],
  ])('it is as well when %s: the rest is not sent, and does not fail', async (_, error) => {
    const send = sender((to) => {
      if (to === 'user-2') throw error
    })
    const report = await sendMany(send, numbered(1000), { concurrency: 1 })
    expect(report).toMatchObject({ end: 'aborted', succeeded: 2, failed: 0, notSent: 1 })
    expect(report.resume).toEqual({ nextIndex: 3, notSent: [2] })
  })

  test('leaves nothing on the signal', async () => {
    const { signal } = new AbortController()
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')]
    await sendMany(sender(), numbered(3), { signal })
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1])
  })
})
