import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import { LimitCounter, publishLimit } from './http/limits.js'
import type { EmulatorOptions } from './options.js'
import { inTurn, send, TestEmulator } from './rest.test.support.js'
import { Drops } from './state/drops.js'
import { Presence } from './state/presence.js'

/*
 * An emulator may run for days under a load test. Whatever it keeps has a bound, and what it drops is counted and said.
 */

const running: Emulator[] = []
const warnings: string[] = []

afterEach(async () => {
  warnings.length = 0
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

async function start(options: EmulatorOptions): Promise<TestEmulator> {
  const emulator = await createEmulator({ onWarning: (warning) => warnings.push(warning), ...options })
  running.push(emulator)
  return new TestEmulator(emulator)
}

const nothing = {
  requests: 0,
  messages: 0,
  history: 0,
  offlineMessages: 0,
  users: 0,
  members: 0,
  userEvents: 0,
  channelEvents: 0,
  limitCounts: 0,
}

test('as long as nothing is dropped, every count is 0 and nothing is said', async () => {
  const rig = await start({ recordLimit: 2 })
  await inTurn(['1', '2'], (payload) => rig.sendPeer({ payload, enable_offline_messaging: true }))
  expect(rig.emulator.dropped()).toEqual(nothing)
  expect(warnings).toEqual([])
})

test('requests, messages, history and messages for users offline: the newest recordLimit, the rest is counted', async () => {
  const rig = await start({ recordLimit: 2 })
  await inTurn(['1', '2', '3', '4', '5'], (payload) =>
    rig.sendPeer({ payload, enable_offline_messaging: true }),
  )
  expect(rig.emulator.dropped()).toEqual({
    ...nothing,
    requests: 3,
    messages: 3,
    history: 3,
    offlineMessages: 3,
  })
  expect(warnings).toHaveLength(4)
  expect(warnings).toContain(
    'There are too many messages (recordLimit): the oldest are dropped. dropped() counts them.',
  )
})

test('events that nobody reads: the newest 2,000 of each kind, the rest is counted', async () => {
  const { emulator } = await start({})
  for (let index = 0; index < 2_003; index += 1) {
    emulator.users.login(`user-${index}`)
    emulator.channels.join('lobby', `user-${index % 2_001}`)
  }
  expect(emulator.dropped()).toEqual({ ...nothing, userEvents: 3, channelEvents: 1 })
  expect(warnings).toHaveLength(2)
})

test('the counts can be read over HTTP, and reset sets them to 0', async () => {
  const rig = await start({ recordLimit: 1 })
  await inTurn(['1', '2'], (payload) => rig.sendChannel({ payload }))
  const url = rig.emulator.url
  const answer = await send(url, { path: '/_emulator/dropped' })
  expect(answer).toMatchObject({ status: 200, body: { ...nothing, requests: 1, messages: 1, history: 1 } })
  rig.emulator.reset()
  expect(rig.emulator.dropped()).toEqual(nothing)
})

/** What reached a user who logs in now. */
function arrived(rig: TestEmulator, userId: string): string[] {
  rig.emulator.users.login(userId)
  const messages = rig.emulator.messages().filter(({ deliveredTo }) => deliveredTo.includes(userId))
  return messages.map(({ payload }) => payload)
}

/** Sends one message to each, stored when nobody is there; the payload is its place in the list. */
async function store(rig: TestEmulator, receivers: readonly string[]): Promise<void> {
  await inTurn(receivers.entries(), ([index, destination]) =>
    rig.sendPeer({ destination, payload: String(index), enable_offline_messaging: true }),
  )
}

describe('messages that wait for users who are offline', () => {
  test('of many users: the oldest goes, whoever it is for', async () => {
    const rig = await start({ recordLimit: 4 })
    await store(rig, ['bob', 'carol', 'bob', 'dave', 'carol'])
    expect(rig.emulator.dropped().offlineMessages).toBe(1)
    expect([arrived(rig, 'bob'), arrived(rig, 'carol'), arrived(rig, 'dave')]).toEqual([
      ['2'],
      ['1', '4'],
      ['3'],
    ])
  })

  test('make room when they arrive', async () => {
    const rig = await start({ recordLimit: 4 })
    await store(rig, ['bob', 'bob', 'carol', 'carol'])
    expect(arrived(rig, 'bob')).toEqual(['0', '1'])
    await store(rig, ['dave', 'dave'])
    expect(rig.emulator.dropped().offlineMessages).toBe(0)
    expect(arrived(rig, 'carol')).toEqual(['2', '3'])
    expect(arrived(rig, 'dave')).toEqual(['0', '1'])
  })

  test('of one user: the newest 200, which do not count twice', async () => {
    const rig = await start({ recordLimit: 300 })
    await store(
      rig,
      Array.from({ length: 205 }, () => 'bob'),
    )
    await store(
      rig,
      Array.from({ length: 100 }, () => 'carol'),
    )
    expect(rig.emulator.dropped().offlineMessages).toBe(5)
    expect(arrived(rig, 'carol')).toHaveLength(100)
  })

  test('are forgotten by reset', async () => {
    const rig = await start({ recordLimit: 2 })
    await store(rig, ['bob', 'carol'])
    rig.emulator.reset()
    await store(rig, ['dave', 'erin'])
    expect(rig.emulator.dropped().offlineMessages).toBe(0)
    expect(arrived(rig, 'dave')).toEqual(['0'])
  })

  test('are forgotten by reset, of the 200 of one user as well', async () => {
    const rig = await start({})
    const toBob = Array.from({ length: 150 }, () => 'bob')
    await store(rig, toBob)
    rig.emulator.reset()
    await store(rig, toBob)
    expect(rig.emulator.dropped().offlineMessages).toBe(0)
    expect(arrived(rig, 'bob')).toHaveLength(150)
  })

  test('are those of users who were offline: whoever was there has them once', async () => {
    const rig = await start({})
    rig.emulator.users.login('bob')
    await store(rig, ['bob'])
    rig.emulator.users.logout('bob')
    rig.emulator.users.login('bob')
    expect(rig.emulator.messages()).toMatchObject([{ deliveredTo: ['bob'] }])
  })
})

test('of users online, and of members of channels, there are 100,000', async () => {
  const { emulator } = await start({})
  for (let index = 0; index < 100_000; index += 1) {
    emulator.users.login(`user-${index}`)
    emulator.channels.join('lobby', `user-${index}`)
  }
  expect(emulator.dropped()).toMatchObject({ users: 0, members: 0 })
  emulator.channels.join('stage', 'user-1')
  expect(emulator.dropped()).toMatchObject({ users: 0, members: 1 })
  emulator.users.login('one-too-many')
  expect(emulator.dropped()).toMatchObject({ users: 1, members: 1 })
})

describe('who is online and in a channel', () => {
  const drops = new Drops((sentence) => warnings.push(sentence))
  afterEach(() => drops.clear())

  function presenceOf(users: number, members: number): Presence {
    return new Presence(() => 5_000, drops, { users, members })
  }

  test('one user too many: who has been online longest goes, with the events of somebody who leaves', () => {
    const presence = presenceOf(2, 9)
    presence.join('lobby', 'alice')
    for (const user of ['alice', 'bob', 'bob']) presence.login(user)
    expect(drops.counts().users).toBe(0)
    presence.login('carol')
    expect(['alice', 'bob', 'carol'].filter((user) => presence.isOnline(user))).toEqual(['bob', 'carol'])
    expect(presence.userEvents.read()).toMatchObject([
      { user_id: 'alice', type: 'Login' },
      { user_id: 'bob', type: 'Login' },
      { user_id: 'alice', type: 'Logout' },
      { user_id: 'carol', type: 'Login' },
    ])
    expect(presence.membersOf('lobby')).toEqual([])
    expect(drops.counts().users).toBe(1)
  })

  test('one member too many: the first of the channel that has been there longest goes', () => {
    const presence = presenceOf(9, 3)
    presence.join('lobby', 'alice')
    presence.join('lobby', 'bob')
    presence.join('stage', 'alice')
    presence.join('stage', 'alice')
    expect(drops.counts().members).toBe(0)
    presence.join('stage', 'bob')
    expect([presence.membersOf('lobby'), presence.membersOf('stage')]).toEqual([['bob'], ['alice', 'bob']])
    expect(presence.channelEvents.read().slice(3)).toMatchObject([
      { group_id: 'lobby', user_id: 'alice', type: 'Leave' },
      { group_id: 'stage', user_id: 'bob', type: 'Join' },
    ])
    expect(drops.counts().members).toBe(1)
  })

  test('whoever leaves makes room, and so does clear', () => {
    const presence = presenceOf(2, 2)
    presence.join('lobby', 'alice')
    presence.join('lobby', 'bob')
    presence.leave('lobby', 'alice')
    presence.leave('lobby', 'alice')
    presence.join('lobby', 'carol')
    presence.clear()
    presence.join('lobby', 'alice')
    presence.join('lobby', 'bob')
    expect(presence.membersOf('lobby')).toEqual(['alice', 'bob'])
    expect(drops.counts()).toEqual(nothing)
  })

  test('the only member of the only channel can be the one that goes', () => {
    const presence = presenceOf(2, 1)
    presence.join('lobby', 'alice')
    presence.join('lobby', 'bob')
    expect(presence.membersOf('lobby')).toEqual(['bob'])
  })

  test('a list of receivers that was given out stays as it was', () => {
    const presence = presenceOf(9, 9)
    presence.join('lobby', 'alice')
    const before = presence.membersOf('lobby')
    presence.join('lobby', 'bob')
    const between = presence.membersOf('lobby')
    presence.leave('lobby', 'alice')
    expect([before, between, presence.membersOf('lobby')]).toEqual([['alice'], ['alice', 'bob'], ['bob']])
  })
})

test('the counts of a second: those of 10,000 channels, and then the oldest begins anew', () => {
  let dropped = 0
  const counter = new LimitCounter(
    () => 5_000,
    () => (dropped += 1),
  )
  const publishTo = (channel: number): void => counter.count(publishLimit('message', `channel-${channel}`))
  for (let channel = 0; channel < 10_000; channel += 1) publishTo(channel)
  expect(dropped).toBe(0)
  publishTo(10_000)
  expect(dropped).toBe(1)
})

test('messages to the same members share one list of receivers, so that a large channel fits into memory', async () => {
  const rig = await start({})
  rig.emulator.channels.join('lobby', 'bob')
  await rig.sendChannel()
  await rig.sendChannel()
  const [first, second] = rig.emulator.messages()
  expect(first?.deliveredTo).toEqual(['bob'])
  expect(first?.deliveredTo).toBe(second?.deliveredTo)
})
