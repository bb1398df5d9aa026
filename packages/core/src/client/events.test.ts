import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import type { MockAnswer } from '../test-support/mock-agora.js'

useCleanEnvironment()

const request = {
  origin: 'https://api.agora.io',
  method: 'GET',
  headers: { accept: 'application/json', 'user-agent': 'agora-signaling-node', authorization: basicHeader },
  body: undefined,
}

async function pullUserEvents(body: unknown, ...before: MockAnswer[]) {
  const agora = mockAgora()
  for (const answer of [...before, { body }]) agora.answers(answer)
  return agora.basicClient({ maxAttempts: 1 + before.length }).events.pullUserEvents()
}

async function pullChannelEvents(body: unknown, ...before: MockAnswer[]) {
  const agora = mockAgora()
  for (const answer of [...before, { body }]) agora.answers(answer)
  return agora.basicClient({ maxAttempts: 1 + before.length }).events.pullChannelEvents()
}

describe('pullUserEvents', () => {
  test('reads the documented answer', async () => {
    const agora = mockAgora()
    agora.answers({
      body: {
        result: 'success',
        request_id: '10116762670167749259',
        events: [
          { user_id: 'rtmtest_RTM_4852_4857w7%', type: 'Login', ms: 1_578_027_420_761 },
          { user_id: 'bob', type: 'Logout', ms: 1_578_027_420_762 },
        ],
      },
    })
    const batch = await agora.basicClient().events.pullUserEvents()
    expect(batch.events).toEqual([
      { kind: 'user.login', userId: 'rtmtest_RTM_4852_4857w7%', at: new Date(1_578_027_420_761) },
      { kind: 'user.logout', userId: 'bob', at: new Date(1_578_027_420_762) },
    ])
    expect(batch.requestId).toBe('10116762670167749259')
    expect(agora.requests).toEqual([{ ...request, path: `/dev/v2/project/${appId}/rtm/vendor/user_events` }])
  })
})

describe('pullChannelEvents', () => {
  test('reads the documented answer', async () => {
    const agora = mockAgora()
    agora.answers({
      body: {
        result: 'success',
        request_id: '1',
        events: [
          { group_id: 'lobby', user_id: 'alice', type: 'Join', ms: 1_578_027_418_981 },
          { group_id: 'lobby', user_id: 'alice', type: 'Leave', ms: 1_578_027_418_982 },
        ],
      },
    })
    const batch = await agora.basicClient().events.pullChannelEvents()
    expect(batch.events).toEqual([
      { kind: 'channel.join', userId: 'alice', channel: 'lobby', at: new Date(1_578_027_418_981) },
      { kind: 'channel.leave', userId: 'alice', channel: 'lobby', at: new Date(1_578_027_418_982) },
    ])
    expect(agora.requests).toEqual([
      { ...request, path: `/dev/v2/project/${appId}/rtm/vendor/channel_events` },
    ])
  })

  test('reads the older name of the channel, but prefers the current one', async () => {
    const event = { user_id: 'alice', type: 'Join', ms: 1_578_027_418_981 }
    const older = { ...event, channel_id: 'older' }
    const batch = await pullChannelEvents({ events: [older, { ...older, group_id: 'current' }] })
    expect(batch.events.map(({ channel }) => channel)).toEqual(['older', 'current'])
  })
})

test('works with a token as well', async () => {
  const agora = mockAgora()
  agora.answers({ body: { events: [] } })
  await agora.tokenClient().events.pullUserEvents()
  expect(agora.requests[0]?.headers['authorization']).toMatch(/^agora token=007/)
})

test.each([
  ['ms in milliseconds', { ms: 1_578_027_420_761 }, '2020-01-03T04:57:00.761Z'],
  ['ms in seconds', { ms: 1_578_027_420 }, '2020-01-03T04:57:00.000Z'],
  ['ts, as older pages name it', { ts: 1_578_027_420_761 }, '2020-01-03T04:57:00.761Z'],
  ['ts in seconds', { ts: 1_578_027_420 }, '2020-01-03T04:57:00.000Z'],
  ['ms beside ts', { ms: 1_578_027_420_761, ts: 1 }, '2020-01-03T04:57:00.761Z'],
])('the moment is read from %s', async (_, time, at) => {
  const { events } = await pullUserEvents({ events: [{ user_id: 'alice', type: 'Login', ...time }] })
  expect(events[0]?.at.toISOString()).toBe(at)
})

test.each([
  ['an empty list', { result: 'success', events: [] }],
  ['null', { result: 'success', events: null }],
  ['no list', { result: 'success', request_id: '1' }],
])('no events may come as %s', async (_, body) => {
  for (const batch of await Promise.all([pullUserEvents(body), pullChannelEvents(body)])) {
    expect(batch.events).toHaveLength(0)
    expect(batch.unreadable).toHaveLength(0)
    expect(batch.isFull).toBe(false)
  }
})

test.each([
  ['a list that is none', { events: { user_id: 'alice' } }],
  ['a text', { events: 'canary' }],
  ['JSON that is no object', ['canary']],
  ['JSON null', 'null'],
])('%s is an error, not an empty batch: the events are out of the queue', async (_, body) => {
  const pulls = [pullUserEvents(body), pullChannelEvents(body)]
  for (const error of await Promise.all(pulls.map(rejectionOf))) {
    expect(error).toMatchObject({
      code: 'ERR_INVALID_RESPONSE',
      upstreamStatus: 200,
      attempts: [{ host: 'api.agora.io', status: 200 }],
    })
    expect(error.message).not.toContain('canary')
  }
})

test('events come oldest first, and those of one millisecond in the order of the answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 }), async (moments) => {
      const events = moments.map((moment, index) => ({
        user_id: `user-${index}`,
        type: 'Login',
        ms: 1_578_027_420_000 + moment,
      }))
      const sorted = events.toSorted((a, b) => a.ms - b.ms)
      const batch = await pullUserEvents({ events })
      expect(batch.events.map(({ userId }) => userId)).toEqual(sorted.map(({ user_id }) => user_id))
    }),
  )
})

describe('an entry that is no event we know', () => {
  const known = { user_id: 'alice', group_id: 'lobby', type: 'Join', ms: 1_578_027_420_761 }

  test.each([
    ['of an unknown type', { ...known, type: 'Kick' }],
    ['of a type that every object has', { ...known, type: 'constructor' }],
    ['without a type', { ...known, type: undefined }],
    ['without a user', { ...known, user_id: '' }],
    ['without a channel', { ...known, group_id: undefined }],
    ['without a moment', { ...known, ms: undefined }],
    ['with a moment as text', { ...known, ms: 'yesterday' }],
    ['with a moment beyond all calendars', { ...known, ms: 1e300 }],
    ['that is a text', 'event'],
    ['that is null', null],
    ['that is a list', [known]],
  ])('%s is handed over as it came', async (_, item) => {
    const batch = await pullChannelEvents({ events: [item, known] })
    expect(batch.events.map(({ userId }) => userId)).toEqual(['alice'])
    expect(batch.unreadable).toEqual(JSON.parse(JSON.stringify([item])))
  })

  test('whatever the entries are, none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (events) => {
        const batch = await pullUserEvents({ events })
        expect(batch.events.length + batch.unreadable.length).toBe(events.length)
      }),
    )
  })
})

test('a batch of 1,000 entries is full, readable or not', async () => {
  const event = { user_id: 'alice', type: 'Login', ms: 1_578_027_420_761 }
  const readable = Array.from({ length: 999 }, () => event)
  expect((await pullUserEvents({ events: readable })).isFull).toBe(false)
  expect((await pullUserEvents({ events: [...readable, event] })).isFull).toBe(true)
  expect((await pullUserEvents({ events: [...readable, 'unreadable'] })).isFull).toBe(true)
})

describe('what a read gives is a plain object', () => {
  const login = { user_id: 'alice', type: 'Login', ms: 1_578_027_420_761 }
  const join = { user_id: 'alice', group_id: 'lobby', type: 'Join', ms: 1_578_027_420_761 }

  const reads: readonly (readonly [
    name: string,
    known: object,
    pull: typeof pullUserEvents | typeof pullChannelEvents,
  ])[] = [
    ['pullUserEvents', login, pullUserEvents],
    ['pullChannelEvents', join, pullChannelEvents],
  ]

  test.each(reads)('%s: JSON keeps all of it', async (_, known, pull) => {
    const batch = await pull({ request_id: '1', events: [known, { type: 'Kick' }] })
    const [event] = batch.events
    expect(JSON.parse(JSON.stringify(batch))).toEqual({
      events: [{ ...event, at: '2020-01-03T04:57:00.761Z' }],
      requestId: '1',
      isFull: false,
      possibleLoss: false,
      unreadable: [{ type: 'Kick' }],
    })
    expect(structuredClone(batch)).toEqual(batch)
    expect({ ...batch }).toEqual(batch)
  })

  test.each(reads)(
    '%s: an attempt that broke off before the answer shows in JSON too',
    async (_, known, pull) => {
      const batch = await pull({ request_id: '1', events: [known] }, { status: 500, body: {} })
      expect(JSON.parse(JSON.stringify(batch))).toMatchObject({
        possibleLoss: true,
        events: [{ userId: 'alice' }],
      })
    },
  )

  test.each(reads)('%s: stays full while its events are worked off', async (_, known, pull) => {
    const batch = await pull({ events: Array.from({ length: 1000 }, () => known) })
    const remaining = [...batch.events]
    remaining.splice(0, 500)
    expect(batch.isFull).toBe(true)
    expect(JSON.parse(JSON.stringify(batch))).toMatchObject({ isFull: true })
  })
})
