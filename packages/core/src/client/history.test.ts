import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { MockAgora, mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import type { HistoryMessage, HistoryOptions } from './history.js'

useCleanEnvironment()

const path = `/rtm/v2/history/${appId}/userId/alice/channelType/message/channel/lobby`

/** A page of messages with these timestamps. */
function page(timestamps: readonly number[], newStart = 0): { readonly body: unknown } {
  const messageList = timestamps.map((timestamp) => ({
    messageType: 'STRING',
    message: `at ${timestamp}`,
    publisher: 'bob',
    timestamp,
  }))
  return {
    body: {
      errorCode: 200,
      error: false,
      requestId: '1',
      data: { messageList, count: messageList.length, newStart },
    },
  }
}

function historyOf(agora: MockAgora) {
  return agora.basicClient({ userId: 'alice' }).history
}

async function timestampsOf(messages: AsyncIterable<HistoryMessage>): Promise<number[]> {
  const timestamps: number[] = []
  for await (const { timestamp } of messages) timestamps.push(timestamp)
  return timestamps
}

describe('page()', () => {
  test('reads the documented answer', async () => {
    const agora = mockAgora()
    agora.answersHistory({
      body: {
        errorCode: 200,
        error: false,
        requestId: '1121_1234231',
        operation: 'getMessage',
        reason: '',
        timestamp: 1_234_567,
        data: {
          messageList: [
            {
              messageType: 'STRING',
              message: 'Hello',
              customType: 'text',
              publisher: 'Tony',
              timestamp: 1_234_567_890,
            },
            {
              messageType: 'BINARY',
              message: 'SGVsbG8=',
              customType: '',
              publisher: 'Alice',
              timestamp: 1_234_567_889,
            },
          ],
          count: 2,
          newStart: 1_234_567_889,
        },
      },
    })
    await expect(historyOf(agora).list({ channel: 'lobby' }).page()).resolves.toEqual({
      messages: [
        {
          publisher: 'Tony',
          payload: 'Hello',
          messageType: 'STRING',
          customType: 'text',
          timestamp: 1_234_567_890,
        },
        { publisher: 'Alice', payload: 'SGVsbG8=', messageType: 'BINARY', timestamp: 1_234_567_889 },
      ],
      nextBefore: 1_234_567_889,
      requestId: '1121_1234231',
    })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.sd-rtn.com',
        method: 'GET',
        path: `${path}?start=0&end=0&messageCount=100`,
        headers: {
          accept: 'application/json',
          'user-agent': 'agora-signaling-node',
          authorization: basicHeader,
        },
        body: undefined,
      },
    ])
  })

  test('sends every parameter', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([]))
    await agora
      .basicClient()
      .history.list({
        userId: 'al ice',
        channelType: 'user',
        channel: 'b@b',
        before: new Date('2026-01-02T00:00:00Z'),
        until: 1_767_225_600_000,
        limit: 7,
      })
      .page()
    expect(agora.requests).toMatchObject([
      {
        path:
          `/rtm/v2/history/${appId}/userId/al%20ice/channelType/user/channel/b%40b` +
          '?start=1767312000000&end=1767225600000&messageCount=7',
      },
    ])
  })

  test('asks for 100 messages at most', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([]))
    await historyOf(agora).list({ channel: 'lobby', limit: 101 }).page()
    expect(agora.requests).toMatchObject([{ path: `${path}?start=0&end=0&messageCount=100` }])
  })

  test('says when there is nothing older', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([3]))
    expect(await historyOf(agora).list({ channel: 'lobby' }).page()).not.toHaveProperty('nextBefore')
  })

  test('takes an answer without a list for an empty one', async () => {
    const agora = mockAgora()
    agora.answersHistory({ body: { errorCode: 200, data: { count: 0 } } })
    expect(await historyOf(agora).list({ channel: 'lobby' }).page()).toEqual({
      messages: [],
      requestId: undefined,
    })
  })

  const readable = { messageType: 'STRING', message: 'hello', publisher: 'bob', timestamp: 7 }

  test.each(['IMAGE', 'string', 'constructor', '7'])(
    'a message of the type %s, which Agora does not document, is handed over as it came',
    async (messageType) => {
      const agora = mockAgora()
      const messageList = [readable, { ...readable, messageType }, readable]
      agora.answersHistory({ body: { errorCode: 200, data: { messageList } } })
      const read = await historyOf(agora).list({ channel: 'lobby' }).page()
      expect(read.messages.map((message) => message.messageType)).toEqual(['STRING', messageType, 'STRING'])
      expect(read.messages[1]).toMatchObject({ payload: 'hello', publisher: 'bob', timestamp: 7 })
    },
  )

  test('a message without a type has an empty one', async () => {
    const agora = mockAgora()
    const messageList = [{ ...readable, messageType: undefined }]
    agora.answersHistory({ body: { errorCode: 200, data: { messageList } } })
    const read = await historyOf(agora).list({ channel: 'lobby' }).page()
    expect(read.messages).toMatchObject([{ payload: 'hello', messageType: '' }])
  })

  test.each([
    ['a message without a publisher', { ...readable, publisher: undefined }],
    ['a message without a moment', { ...readable, timestamp: undefined }],
    ['a message whose moment is a text', { ...readable, timestamp: '7' }],
    ['a message without a payload', { ...readable, message: undefined }],
    ['a message whose payload is no text', { ...readable, message: { canary: 1 } }],
    ['a text', 'canary'],
    ['null', null],
    ['a list', [readable]],
  ])('%s is handed over as it came, beside the messages that can be read', async (_, item) => {
    const agora = mockAgora()
    agora.answersHistory({ body: { errorCode: 200, data: { messageList: [item, readable] } } })
    const read = await historyOf(agora).list({ channel: 'lobby' }).page()
    expect(read.messages).toMatchObject([{ publisher: 'bob' }])
    expect(read.unreadable).toEqual(JSON.parse(JSON.stringify([item])))
  })

  test('whatever the entries are, none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (messageList) => {
        const agora = new MockAgora()
        agora.answersHistory({ body: { errorCode: 200, data: { messageList } } })
        const { messages, unreadable = [] } = await historyOf(agora).list({ channel: 'lobby' }).page()
        expect(messages.length + unreadable.length).toBe(messageList.length)
        await agora.verify()
      }),
    )
  })

  test.each([
    ['as text', '8'],
    ['with a fraction', 8.5],
    ['below zero', -8],
    ['beyond all numbers', 1e300],
    ['that is null', null],
    ['that is where the page began', 10],
    ['newer than where the page began', 11],
  ])('a next page %s is none', async (_, newStart) => {
    const agora = mockAgora()
    agora.answersHistory({ body: { errorCode: 200, data: { messageList: [readable], newStart } } })
    const read = await historyOf(agora).list({ channel: 'lobby', before: 10 }).page()
    expect(read).not.toHaveProperty('nextBefore')
  })
})

describe('for await', () => {
  test('reads page after page, from the newest message to the oldest', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9, 8], 8))
    agora.answersHistory(page([7, 6], 6))
    agora.answersHistory(page([5]))
    const listing = historyOf(agora).list({ channel: 'lobby', before: 10, until: 5 })
    expect(await timestampsOf(listing)).toEqual([9, 8, 7, 6, 5])
    expect(agora.requests.map((request) => request.path)).toEqual([
      `${path}?start=10&end=5&messageCount=100`,
      `${path}?start=8&end=5&messageCount=100`,
      `${path}?start=6&end=5&messageCount=100`,
    ])
  })

  test('reads nothing before the first message is asked for', async () => {
    const agora = mockAgora()
    const messages = historyOf(agora).list({ channel: 'lobby' })[Symbol.asyncIterator]()
    await new Promise(setImmediate)
    expect(agora.requests).toHaveLength(0)
    agora.answersHistory(page([1]))
    await expect(messages.next()).resolves.toMatchObject({ value: { timestamp: 1 } })
  })

  test('reads no page before its first message is asked for', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9, 8], 8))
    for await (const { timestamp } of historyOf(agora).list({ channel: 'lobby' })) if (timestamp === 8) break
    expect(agora.requests).toHaveLength(1)
  })

  test('stops at the limit, and asks for no more than is wanted', async () => {
    const agora = mockAgora()
    const first = Array.from({ length: 100 }, (_, index) => 1000 - index)
    agora.answersHistory(page(first, 901))
    agora.answersHistory(page([900, 899], 899))
    expect(await timestampsOf(historyOf(agora).list({ channel: 'lobby', limit: 102 }))).toEqual([
      ...first,
      900,
      899,
    ])
    expect(agora.requests.map((request) => request.path)).toEqual([
      `${path}?start=0&end=0&messageCount=100`,
      `${path}?start=901&end=0&messageCount=2`,
    ])
  })

  test('gives no more than the limit, also when Agora does', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9, 8, 7], 7))
    expect(await timestampsOf(historyOf(agora).list({ channel: 'lobby', limit: 2 }))).toEqual([9, 8])
  })

  test('stops at an empty page, also when it points further', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9], 9))
    agora.answersHistory(page([], 3))
    expect(await timestampsOf(historyOf(agora).list({ channel: 'lobby' }))).toEqual([9])
  })

  test.each([
    [
      'that does not lead on',
      undefined,
      [
        [9, 9],
        [8, 9],
      ],
      [9, 8],
    ],
    ['that leads to where the listing began', 10, [[9, 10]], [9]],
    [
      'that leads to ever newer messages',
      undefined,
      [
        [9, 8],
        [8, 9],
      ],
      [9, 8],
    ],
    [
      'that leads to an earlier page',
      undefined,
      [
        [9, 8],
        [8, 7],
        [7, 8],
      ],
      [9, 8, 7],
    ],
  ] as const)('does not go round in circles at a page %s', async (_, before, pages, expected) => {
    const agora = mockAgora()
    for (const [timestamp, newStart] of pages) agora.answersHistory(page([timestamp], newStart))
    expect(await timestampsOf(historyOf(agora).list({ channel: 'lobby', before }))).toEqual(expected)
  })

  test('passes over what is no message, counts it, and goes on with the next page', async () => {
    const agora = mockAgora()
    agora.answersHistory({ body: { errorCode: 200, data: { messageList: ['canary', null], newStart: 8 } } })
    agora.answersHistory(page([7]))
    const listing = historyOf(agora).list({ channel: 'lobby' })
    expect(listing.unreadableCount).toBe(0)
    expect(await timestampsOf(listing)).toEqual([7])
    expect(listing.unreadableCount).toBe(2)
  })

  test('can be started over', async () => {
    const agora = mockAgora()
    const listing = historyOf(agora).list({ channel: 'lobby' })
    for (let index = 0; index < 2; index++) agora.answersHistory(page([1]))
    expect(await timestampsOf(listing)).toEqual([1])
    expect(await timestampsOf(listing)).toEqual([1])
  })

  test('ends with the error of a page, after the messages before it', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9], 9))
    agora.answersHistory({ status: 403, body: { reason: 'no' } })
    const seen: number[] = []
    const reading = (async () => {
      for await (const { timestamp } of historyOf(agora).list({ channel: 'lobby' })) seen.push(timestamp)
    })()
    expect((await rejectionOf(reading)).code).toBe('ERR_FORBIDDEN')
    expect(seen).toEqual([9])
  })

  test('ends when the signal says so', async () => {
    const agora = mockAgora()
    agora.answersHistory(page([9], 9))
    const controller = new AbortController()
    const reading = (async () => {
      for await (const message of historyOf(agora).list({ channel: 'lobby', signal: controller.signal })) {
        controller.abort(message)
      }
    })()
    expect((await rejectionOf(reading)).code).toBe('ERR_ABORTED')
    expect(agora.requests).toHaveLength(1)
  })
})

test.each([
  ['channel', { channel: 'a/b' }, 'ERR_INVALID_CHANNEL'],
  ['channel', { channel: '..' }, 'ERR_INVALID_CHANNEL'],
  ['channel', { channel: '..', channelType: 'user' as const }, 'ERR_INVALID_USER_ID'],
  ['channelType', { channelType: 'stream' }, 'ERR_INVALID_ARGUMENT'],
  ['userId', { userId: '.' }, 'ERR_INVALID_USER_ID'],
  ['before', { before: new Date('not a date') }, 'ERR_INVALID_ARGUMENT'],
  ['before', { before: -1 }, 'ERR_INVALID_ARGUMENT'],
  ['until', { until: 1.5 }, 'ERR_INVALID_ARGUMENT'],
  ['until', { until: '2026-01-01' }, 'ERR_INVALID_ARGUMENT'],
  ['limit', { limit: 0 }, 'ERR_INVALID_ARGUMENT'],
  ['limit', { limit: 1.5 }, 'ERR_INVALID_ARGUMENT'],
  ['limit', { limit: Infinity }, 'ERR_INVALID_ARGUMENT'],
])('a bad %s is refused when the listing is made', (argument, change, code) => {
  const { history } = mockAgora().basicClient({ userId: 'alice' })
  const options: HistoryOptions = unchecked({ channel: 'lobby' }, change)
  const error = thrownBy(() => history.list(options))
  expect(error).toMatchObject({ code, argument })
})

const quiet = (): void => undefined

function told(options: HistoryOptions) {
  const warn = vi.fn<(message: string) => void>()
  const agora = mockAgora()
  const client = agora.basicClient({
    userId: 'alice',
    logger: { debug: quiet, info: quiet, warn, error: quiet },
  })
  const listing = client.history.list(options)
  return { agora, client, listing, warn }
}

describe('a moment that looks like Unix seconds', () => {
  const seconds = 1_767_225_600

  test.each(['before', 'until'])(
    'as %s is warned of, once for each client, and sent as it is',
    async (name) => {
      const options: HistoryOptions = unchecked({ channel: 'lobby' }, { [name]: seconds })
      const { agora, client, listing, warn } = told(options)
      client.as('bob').history.list(options)
      expect(warn).toHaveBeenCalledOnce()
      expect(warn.mock.calls[0]?.[0]).toMatch(
        new RegExp(`^${name} of history\\.list\\(\\) .* multiply by 1000`),
      )
      agora.answersHistory({
        body: { errorCode: 200, error: false, data: { messageList: [], count: 0, newStart: 0 } },
      })
      await listing.page()
      expect(agora.requests[0]?.path).toContain(`=${seconds}&`)
    },
  )

  test.each([0, 10, seconds * 1000, new Date(seconds * 1000), new Date(2_000, 1), undefined])(
    'is not what %j is',
    (before) => {
      expect(told({ channel: 'lobby', before }).warn).not.toHaveBeenCalled()
    },
  )
})

test('with a token the user who asks has to be the token’s', () => {
  const { history } = mockAgora().tokenClient({ userId: 'server' })
  expect(thrownBy(() => history.list({ userId: 'alice', channel: 'lobby' })).code).toBe('ERR_SENDER_MISMATCH')
})
