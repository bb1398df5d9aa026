import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { History } from './history.js'
import type { HistoryQuery } from './history.js'

const all: HistoryQuery = { channelType: 'message', channel: 'lobby', start: 0, end: 0, messageCount: 100 }

const unheard = (): void => {}

function say(history: History, message: string, channel = 'lobby'): void {
  history.add('message', channel, { messageType: 'STRING', message, customType: '', publisher: 'alice' })
}

function texts(history: History, query: Partial<HistoryQuery> = {}): string[] {
  return history.read({ ...all, ...query }).messages.map(({ message }) => message)
}

describe('paging', () => {
  test('by newStart gives every message exactly once, newest first, however the clock runs', () => {
    const times = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 7 }), (clock, messageCount) => {
        let now = 0
        const history = new History(() => now, 1_000, unheard)
        for (const [index, time] of clock.entries()) {
          now = time
          say(history, String(index))
        }
        const seen: string[] = []
        let start = 0
        // One page more than there can be, so that pages that never end are seen and not waited for.
        for (let pages = 0; pages <= clock.length && (pages === 0 || start !== 0); pages += 1) {
          const page = history.read({ ...all, start, messageCount })
          seen.push(...page.messages.map(({ message }) => message))
          start = page.newStart
        }
        expect(seen).toEqual(clock.map((_, index) => String(index)).toReversed())
      }),
    )
  })

  test('ends with newStart 0 when the older messages are outside the bounds', () => {
    let now = 1_000
    const history = new History(() => now, 100, unheard)
    for (const message of ['a', 'b', 'c']) {
      say(history, message)
      now += 1_000
    }
    expect(history.read({ ...all, end: 2_000, messageCount: 2 }).newStart).toBe(0)
    expect(history.read({ ...all, end: 1_000, messageCount: 2 }).newStart).toBe(2_000)
  })
})

describe('bounds', () => {
  const history = new History(tick(), 100, unheard)
  for (const message of ['at 1000', 'at 2000', 'at 3000']) say(history, message)

  test('start is the newer one and exclusive', () => {
    expect(texts(history, { start: 3_000 })).toEqual(['at 2000', 'at 1000'])
  })

  test('end is the older one and inclusive', () => {
    expect(texts(history, { end: 2_000 })).toEqual(['at 3000', 'at 2000'])
  })

  test('an end after the start gives nothing', () => {
    expect(history.read({ ...all, start: 1_000, end: 3_000 })).toEqual({ messages: [], newStart: 0 })
  })
})

test('messages of one channel never share a timestamp, of two channels they may', () => {
  const history = new History(() => 5_000, 100, unheard)
  for (const channel of ['lobby', 'lobby', 'stage']) say(history, 'x', channel)
  const stamps = (channel: string): number[] =>
    history.read({ ...all, channel }).messages.map((m) => m.timestamp)
  expect([stamps('lobby'), stamps('stage')]).toEqual([[5_001, 5_000], [5_000]])
})

test('a user channel and a message channel of the same name are two', () => {
  const history = new History(() => 5_000, 100, unheard)
  say(history, 'in the message channel')
  expect(texts(history, { channelType: 'user' })).toEqual([])
})

test('over the capacity, the oldest message of all channels goes', () => {
  const history = new History(tick(), 3, unheard)
  for (const [channel, message] of [
    ['stage', 'first'],
    ['lobby', 'second'],
    ['lobby', 'third'],
    ['stage', 'fourth'],
    ['stage', 'fifth'],
  ] as const) {
    say(history, message, channel)
  }
  expect(texts(history)).toEqual(['third'])
  expect(texts(history, { channel: 'stage' })).toEqual(['fifth', 'fourth'])
})

test('also when they are all in one channel', () => {
  const history = new History(tick(), 2, unheard)
  for (const message of ['1', '2', '3', '4']) say(history, message)
  expect(texts(history)).toEqual(['4', '3'])
})

function tick(): () => number {
  let now = 0
  return () => (now += 1_000)
}
