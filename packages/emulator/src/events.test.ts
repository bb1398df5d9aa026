import { describe, expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'

let now = 1_800_000_000_000
const rig = useEmulator({ now: () => now })

async function pull(kind: 'user_events' | 'channel_events'): Promise<unknown[]> {
  const { body } = await rig().get(`${rig().project}/vendor/${kind}`)
  const events: unknown =
    typeof body === 'object' && body !== null && 'events' in body ? body.events : undefined
  if (!Array.isArray(events)) throw new Error('The answer has no list of events.')
  const list: unknown[] = events
  return list
}

test('login and logout are user events, with the time in milliseconds', async () => {
  rig().emulator.users.login('bob')
  now += 5
  rig().emulator.users.logout('bob')
  const { status, body, headers } = await rig().get(`${rig().project}/vendor/user_events`)
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      result: 'success',
      request_id: headers['x-request-id'],
      events: [
        { user_id: 'bob', type: 'Login', ms: now - 5 },
        { user_id: 'bob', type: 'Logout', ms: now },
      ],
    },
  })
})

test('joining and leaving are channel events', async () => {
  rig().emulator.channels.join('lobby', 'bob')
  rig().emulator.channels.leave('lobby', 'bob')
  expect(await pull('channel_events')).toEqual([
    { group_id: 'lobby', user_id: 'bob', type: 'Join', ms: now },
    { group_id: 'lobby', user_id: 'bob', type: 'Leave', ms: now },
  ])
})

test('without events the list is empty', async () => {
  expect([await pull('user_events'), await pull('channel_events')]).toEqual([[], []])
})

test('logout leaves every channel first', async () => {
  rig().emulator.users.login('bob')
  rig().emulator.channels.join('lobby', 'bob')
  rig().emulator.channels.join('stage', 'bob')
  rig().emulator.users.logout('bob')
  expect(await pull('channel_events')).toMatchObject([
    { group_id: 'lobby', type: 'Join' },
    { group_id: 'stage', type: 'Join' },
    { group_id: 'lobby', type: 'Leave' },
    { group_id: 'stage', type: 'Leave' },
  ])
  await rig().sendChannel()
  expect(rig().emulator.messages()).toMatchObject([{ deliveredTo: [] }])
})

test('joining logs nobody in, and logging out somebody who is not in makes no Logout', async () => {
  rig().emulator.channels.join('lobby', 'bob')
  rig().emulator.users.logout('bob')
  expect(await pull('user_events')).toEqual([])
  expect(await pull('channel_events')).toMatchObject([{ type: 'Join' }, { type: 'Leave' }])
})

test('doing a thing twice makes one event', async () => {
  rig().emulator.users.login('bob')
  rig().emulator.users.login('bob')
  rig().emulator.channels.join('lobby', 'bob')
  rig().emulator.channels.join('lobby', 'bob')
  rig().emulator.channels.leave('stage', 'bob')
  expect([await pull('user_events'), await pull('channel_events')]).toMatchObject([
    [{ type: 'Login' }],
    [{ type: 'Join' }],
  ])
})

test('sending a message makes no event', async () => {
  await rig().sendPeer()
  await rig().sendChannel()
  expect([await pull('user_events'), await pull('channel_events')]).toEqual([[], []])
})

describe('the queue', () => {
  const users = Array.from({ length: 2_001 }, (_, index) => `user-${index}`)

  test('holds 2,000 user events, gives 1,000 at a time, oldest first, and each one once', async () => {
    for (const user of users) rig().emulator.users.login(user)
    expect((await pull('user_events')).map(idOf)).toEqual(users.slice(1, 1_001))
    expect((await pull('user_events')).map(idOf)).toEqual(users.slice(1_001))
    expect(await pull('user_events')).toEqual([])
  })

  test('of channel events is another one with the same rules', async () => {
    for (const user of users) rig().emulator.channels.join('lobby', user)
    expect((await pull('channel_events')).map(idOf)).toEqual(users.slice(1, 1_001))
    expect((await pull('channel_events')).map(idOf)).toEqual(users.slice(1_001))
    expect([await pull('channel_events'), await pull('user_events')]).toEqual([[], []])
  })

  test('makes room by reading, so that nothing is lost between two reads', async () => {
    for (const user of users.slice(0, 1_500)) rig().emulator.users.login(user)
    await pull('user_events')
    for (const user of users.slice(1_500)) rig().emulator.users.login(user)
    const rest = [...(await pull('user_events')), ...(await pull('user_events'))]
    expect(rest.map(idOf)).toEqual(users.slice(1_000))
  })
})

test('HEAD, which reads no body, reads no events away', async () => {
  rig().emulator.users.login('bob')
  const answer = await rig().call({ method: 'HEAD', path: `${rig().project}/vendor/user_events` })
  expect(answer).toMatchObject({ status: 404, reason: 'This path takes GET, not HEAD.' })
  expect(await pull('user_events')).toHaveLength(1)
})

test('a refused read leaves the events where they are', async () => {
  rig().emulator.users.login('bob')
  expect(await rig().get(`${rig().project}/vendor/user_events`, {})).toMatchObject({ status: 401 })
  expect(await pull('user_events')).toHaveLength(1)
})

function idOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'user_id' in event ? event.user_id : undefined
}
