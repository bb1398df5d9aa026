import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AgoraApiError, AgoraTimeoutError } from '../errors.js'
import { rejectionOf } from '../test-support/failures.js'
import type { Messages, SendToChannelOptions, SendToUserOptions } from './messages.js'
import { mayHaveBeenSent, sendMany } from './send-many.js'
import type { OutgoingMessage, SendManyProgress } from './send-many.js'

/** Messages to `user-0`, `user-1` and so on; counts how many were asked for. */
function* numbered(count: number, asked: { count: number } = { count: 0 }): Generator<OutgoingMessage> {
  for (let index = 0; index < count; index++) {
    asked.count += 1
    yield { from: 'alice', to: `user-${index}`, payload: String(index) }
  }
}

type Sender = Pick<Messages, 'sendToUser' | 'sendToChannel'>

function sender(
  send: (to: string) => Promise<void> = () => Promise.resolve(),
): Sender & { readonly sent: string[] } {
  const sent: string[] = []
  return {
    sent,
    sendToUser: async ({ to }: SendToUserOptions) => {
      await send(to)
      sent.push(to)
      return { status: 'delivered', requestId: `r-${to}` }
    },
    sendToChannel: async ({ channel }: SendToChannelOptions) => {
      await send(channel)
      sent.push(channel)
      return { status: 'sent', requestId: `r-${channel}` }
    },
  }
}

function refusal(): AgoraApiError {
  return new AgoraApiError('ERR_BAD_REQUEST', 'no', {
    upstreamStatus: 400,
    method: 'POST',
    path: '/',
    attempts: [{ host: 'h', status: 400, requestStarted: true, durationMs: 1, waitedMs: 0 }],
  })
}

describe('the report', () => {
  test('has an outcome for each message, in the order of the source', async () => {
    const messages = sender(async (to) => {
      if (to === 'user-0') await nextTurn()
    })
    const source: OutgoingMessage[] = [...numbered(2), { from: 'alice', channel: 'lobby', payload: 'hello' }]
    expect(await sendMany(messages, source, { concurrency: 3 })).toEqual({
      outcomes: [
        { index: 0, status: 'delivered', requestId: 'r-user-0' },
        { index: 1, status: 'delivered', requestId: 'r-user-1' },
        { index: 2, status: 'sent', requestId: 'r-lobby' },
      ],
      succeeded: 3,
      failed: 0,
      nextIndex: 3,
      end: 'done',
    })
  })

  test('collects failures and goes on', async () => {
    const error = refusal()
    const messages = sender(async (to) => {
      if (to === 'user-1') throw error
    })
    const report = await sendMany(messages, numbered(4), {})
    expect(report).toMatchObject({ succeeded: 3, failed: 1, nextIndex: 4, end: 'done' })
    expect(report.outcomes[1]).toEqual({ index: 1, status: 'failed', error, mayHaveBeenSent: false })
  })

  test('says where to go on after an interruption', async () => {
    const controller = new AbortController()
    const first = sender(async (to) => {
      if (to === 'user-2') controller.abort()
    })
    const report = await sendMany(first, numbered(10), { concurrency: 1, signal: controller.signal })
    expect(report).toMatchObject({ end: 'aborted', nextIndex: 3 })
    const second = sender()
    const rest = await sendMany(second, numbered(10), { startAt: report.nextIndex })
    expect([...first.sent, ...second.sent]).toEqual(Array.from({ length: 10 }, (_, index) => `user-${index}`))
    expect(rest.outcomes[0]?.index).toBe(3)
  })

  test('says that the source failed, and keeps what was sent before', async () => {
    const broken = new Error('cursor lost')
    async function* source(): AsyncGenerator<OutgoingMessage> {
      yield* numbered(2)
      throw broken
    }
    const report = await sendMany(sender(), source(), {})
    expect(report).toMatchObject({ end: 'source-failed', sourceError: broken, succeeded: 2, nextIndex: 2 })
  })
})

describe('back-pressure', () => {
  test('the source is asked for no more than is on its way', async () => {
    const asked = { count: 0 }
    const release: (() => void)[] = []
    const messages = sender(() => new Promise((resolve) => release.push(resolve)))
    const sending = sendMany(messages, numbered(100, asked), { concurrency: 4 })
    while (release.length < 4) await nextTurn()
    expect(asked.count).toBe(4)
    release.shift()?.()
    while (release.length < 4) await nextTurn()
    expect(asked.count).toBe(5)
    while (messages.sent.length < 100) {
      for (const resolve of release.splice(0)) resolve()
      await nextTurn()
    }
    await expect(sending).resolves.toMatchObject({ succeeded: 100 })
  })

  test('the source is never asked again before it has answered', async () => {
    let open = 0
    const source: AsyncIterable<OutgoingMessage> = {
      [Symbol.asyncIterator]: () => {
        const messages = numbered(20)
        return {
          next: async () => {
            open += 1
            expect(open).toBe(1)
            await nextTurn()
            open -= 1
            return messages.next()
          },
        }
      },
    }
    await expect(sendMany(sender(), source, { concurrency: 8 })).resolves.toMatchObject({ succeeded: 20 })
  })
})

describe('stopping', () => {
  test('closes the source', async () => {
    let closed = false
    async function* source(): AsyncGenerator<OutgoingMessage> {
      try {
        yield* numbered(10)
      } finally {
        closed = true
      }
    }
    const controller = new AbortController()
    const messages = sender(async () => controller.abort())
    await sendMany(messages, source(), { concurrency: 1, signal: controller.signal })
    expect(closed).toBe(true)
  })

  test('before the start sends nothing', async () => {
    const messages = sender()
    const report = await sendMany(messages, numbered(3), { signal: AbortSignal.abort() })
    expect(report).toEqual({ outcomes: [], succeeded: 0, failed: 0, nextIndex: 0, end: 'aborted' })
    expect(messages.sent).toEqual([])
  })
})

test('progress is told after each message, with the counts so far', async () => {
  const told: SendManyProgress[] = []
  await sendMany(sender(), numbered(3), { concurrency: 1, onProgress: (progress) => told.push(progress) })
  expect(told.map(({ succeeded, failed, outcome }) => [outcome.index, succeeded, failed])).toEqual([
    [0, 1, 0],
    [1, 2, 0],
    [2, 3, 0],
  ])
})

test('a listener that throws stops the sending, and the report says so', async () => {
  const broken = new Error('listener')
  const report = await sendMany(sender(), numbered(5), {
    concurrency: 1,
    onProgress: () => {
      throw broken
    },
  })
  expect(report).toMatchObject({ end: 'source-failed', sourceError: broken, nextIndex: 1 })
})

test.each([{ concurrency: 0 }, { concurrency: 1001 }, { concurrency: 1.5 }, { startAt: -1 }])(
  '%j is refused before anything is sent',
  async (options) => {
    const messages = sender()
    await expect(rejectionOf(sendMany(messages, numbered(1), options))).resolves.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      argument: Object.keys(options)[0],
    })
    expect(messages.sent).toEqual([])
  },
)

test.each([
  [{ failure: 'ERR_CONNECTION_REFUSED' }, false],
  [{ failure: 'ERR_DNS' }, false],
  [{ failure: 'ERR_TLS' }, false],
  [{ failure: 'ERR_CONNECTION_RESET' }, true],
  [{ failure: 'ERR_TIMEOUT' }, true],
  [{ status: 429 }, false],
  [{ status: 401 }, false],
  [{ status: 503 }, true],
  [{ status: 408 }, true],
])('after an attempt that ended with %j, the message may have been sent: %s', (attempt, expected) => {
  const attempts = [{ host: 'h', requestStarted: true, durationMs: 1, waitedMs: 0, ...attempt }]
  expect(mayHaveBeenSent(new AgoraTimeoutError('late', { method: 'POST', path: '/', attempts }))).toBe(
    expected,
  )
})
