import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { deferred } from '../test-support/deferred.js'
import { closing, numbered, sender, untilInterrupted, users } from '../test-support/fake-sending.js'
import { matching } from '../test-support/matchers.js'
import { unchecked } from '../test-support/unchecked.js'
import { sendMany } from './send-many.js'
import type { SendOne } from './send-many.js'
import type { OutgoingMessage, SendManyOptions } from './send-many-options.js'

afterEach(() => {
  vi.useRealTimers()
})

describe('a message that is none', () => {
  const broken: [string, unknown, RegExp][] = [
    ['null', null, /source\[1\] is null/],
    ['undefined', undefined, /source\[1\] is undefined/],
    ['a text', 'hello', /source\[1\] is string, and must be \{ to, payload \} or/],
    [
      'an object whose getter throws',
      {
        to: 'bob',
        get payload(): string {
          throw new Error('lazy field failed')
        },
      },
      /lazy field failed/,
    ],
    [
      'an object that answers nothing',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('hostile')
          },
        },
      ), // oxlint-disable-line
      /hostile/,
    ],
  ]

  test.each(broken)('%s fails by itself, and the others are sent', async (_, item, message) => {
    const send = sender()
    const source = unchecked([...numbered(3)], { 1: item })
    const report = await sendMany(send, source, {})
    expect(report).toMatchObject({ succeeded: 2, failed: 1, end: 'done' })
    expect(report.outcomes[1]).toMatchObject({ index: 1, status: 'failed', mayHaveBeenSent: false })
    expect(report.outcomes[1]).toHaveProperty('error.message', matching(message))
    expect(send.sent).toEqual(users(0, 2))
  })

  test('each of its fields is read once, so that what is checked is what is sent', async () => {
    let reads = 0
    const item: OutgoingMessage = {
      payload: 'hi',
      get to() {
        reads += 1
        return 'bob'
      },
    }
    await sendMany(sender(), [item], {})
    expect(reads).toBe(1)
  })
})

function* nonsense(): Generator<OutgoingMessage> {
  for (let index = 0; index < 1_000_000; index++)
    yield* unchecked<OutgoingMessage[]>([], { 0: null, length: 1 })
}

describe('back-pressure', () => {
  test('the source is asked for no more than is on its way', async () => {
    const asked = { count: 0 }
    const release: (() => void)[] = []
    const send = sender(() => new Promise<void>((resolve) => release.push(resolve)))
    const sending = sendMany(send, numbered(100, asked), { concurrency: 4 })
    while (release.length < 4) await nextTurn()
    await nextTurn()
    expect(asked.count).toBe(4)
    release.shift()?.()
    while (release.length < 4) await nextTurn()
    expect(asked.count).toBe(5)
    while (send.sent.length < 100) {
      for (const resolve of release.splice(0)) resolve()
      await nextTurn()
    }
    await expect(sending).resolves.toMatchObject({ succeeded: 100 })
  })

  test('the source is never asked again before it has answered', async () => {
    let open = 0
    const messages = numbered(20)
    const source = closing({
      next: async () => {
        open += 1
        expect(open).toBe(1)
        await nextTurn()
        open -= 1
        return messages.next()
      },
    })
    await expect(sendMany(sender(), source, { concurrency: 8 })).resolves.toMatchObject({ succeeded: 20 })
  })

  test('a source that is always ready leaves the rest of the process its turn, so that an abort gets through', async () => {
    const controller = new AbortController()
    setImmediate(() => controller.abort())
    const report = await sendMany(sender(), nonsense(), { signal: controller.signal, keepOutcomes: 'none' })
    expect(report.end).toBe('aborted')
  })
})

const abortIn = (controller: AbortController): SendOne => sender(() => controller.abort())

describe('a source', () => {
  const broken = new Error('cursor lost')
  const failures: [string, () => AsyncIterable<OutgoingMessage> | Iterable<OutgoingMessage>][] = [
    [
      'throws',
      () =>
        unchecked(closing(), {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              throw broken
            },
          }),
        }),
    ],
    ['fails', () => closing({ next: () => Promise.reject(broken) })],
    [
      'cannot be opened',
      () => ({
        [Symbol.iterator]: () => {
          throw broken
        },
      }),
    ],
    [
      'has a value that throws',
      () =>
        unchecked(closing(), {
          [Symbol.asyncIterator]: () => ({
            next: async () => ({
              done: false,
              get value() {
                throw broken
              },
            }),
          }),
        }),
    ],
  ]

  test.each(failures)('that %s ends the sending with a report', async (_, open) => {
    const report = await sendMany(sender(), open(), {})
    expect(report).toMatchObject({
      end: 'source-failed',
      error: broken,
      resume: { nextIndex: 0, notSent: [] },
    })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
  ])('whose next() gives %s says so', async (_, result) => {
    const source = unchecked(closing(), { [Symbol.asyncIterator]: () => ({ next: () => result }) })
    const report = await sendMany(sender(), source, {})
    expect(report).toMatchObject({
      end: 'source-failed',
      error: { message: matching(/next\(\) of the source/) },
    })
  })

  test('that fails keeps nothing from being sent that it gave before', async () => {
    async function* source(): AsyncGenerator<OutgoingMessage> {
      yield* numbered(2)
      throw broken
    }
    const send = sender(async (_message, way) => {
      await nextTurn()
      if (way.signal?.aborted === true) await untilInterrupted(way)
    })
    const report = await sendMany(send, source(), {})
    expect(report).toMatchObject({ end: 'source-failed', error: broken, succeeded: 2, notSent: 0 })
    expect(report.resume).toEqual({ nextIndex: 2, notSent: [] })
  })

  test.each<[string, Partial<SendManyOptions>, Partial<AsyncIterator<OutgoingMessage>>]>([
    ['aborted', {}, {}],
    [
      'ended by onProgress',
      {
        onProgress: () => {
          throw new Error('no')
        },
      },
      {},
    ],
    ['ended by the source', {}, { next: () => Promise.reject(broken) }],
  ])('is closed exactly once when the sending is %s', async (_, options, change) => {
    const controller = new AbortController()
    const source = closing(change)
    await sendMany(abortIn(controller), source, { concurrency: 3, signal: controller.signal, ...options })
    expect(source.closed).toBe(1)
  })

  test('that has ended by itself is not closed again', async () => {
    const source = closing()
    await sendMany(sender(), source, {})
    expect(source.closed).toBe(0)
  })

  test('of a generator runs its finally block', async () => {
    let closed = 0
    function* source(): Generator<OutgoingMessage> {
      try {
        yield* numbered(10)
      } finally {
        closed += 1
      }
    }
    const controller = new AbortController()
    await sendMany(abortIn(controller), source(), { concurrency: 1, signal: controller.signal })
    expect(closed).toBe(1)
  })

  test.each<[string, () => Promise<never>, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('close failed')
      },
      /close failed/,
    ],
    ['fails', () => Promise.reject(new Error('close failed')), /close failed/],
    ['never ends', () => new Promise(() => undefined), /did not close within 1000 ms/],
  ])('whose return() %s is told in the report, and keeps nobody waiting', async (_, fail, message) => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const source = closing({ return: fail })
    const sending = sendMany(abortIn(controller), source, { concurrency: 1, signal: controller.signal })
    await vi.advanceTimersByTimeAsync(1000)
    const report = await sending
    expect(report).toMatchObject({ end: 'aborted', succeeded: 1, closeError: { message: matching(message) } })
  })

  test('that gives its messages only after the report loses none to it', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const answer = deferred<IteratorResult<OutgoingMessage>>()
    const source = closing({ next: () => answer.promise, return: () => new Promise(() => undefined) })
    const send = sender()
    const onProgress = vi.fn<() => void>()
    const sending = sendMany(send, source, { signal: controller.signal, onProgress })
    await vi.advanceTimersByTimeAsync(0)
    controller.abort()
    await vi.advanceTimersByTimeAsync(1000)
    const report = await sending
    answer.resolve({ done: false, value: { to: 'late', payload: 'hi' } })
    await vi.advanceTimersByTimeAsync(10_000)
    expect([report.resume, report.outcomes, send.sent]).toEqual([{ nextIndex: 0, notSent: [] }, [], []])
    expect(onProgress).not.toHaveBeenCalled()
  })
})
