import { describe, expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'

const now = 1_800_000_000_000
const rig = useEmulator({ now: () => now })

function publish(
  body: string | Uint8Array,
  { channel = 'lobby', ...options }: { channel?: string; channelType?: string; query?: string } = {},
): Promise<RestAnswer> {
  return rig().call({ method: 'POST', path: rig().publishPath(channel, options), body })
}

test('the body is the message, as it is', async () => {
  rig().emulator.channels.join('lobby', 'bob')
  const { status, body, headers, synthetic } = await publish('{"text": "Hello" }')
  expect({ status, body, synthetic }).toEqual({
    status: 200,
    synthetic: false,
    body: {
      errorCode: 200,
      error: false,
      requestId: headers['x-request-id'],
      operation: 'publish',
      reason: '',
      timestamp: now,
      data: { channelName: 'lobby', channelType: 'message' },
    },
  })
  expect(rig().emulator.messages()).toEqual([
    {
      kind: 'publish',
      from: 'alice',
      channelType: 'message',
      channel: 'lobby',
      payload: '{"text": "Hello" }',
      at: new Date(now),
      deliveredTo: ['bob'],
    },
  ])
})

test('any text goes, JSON or not', async () => {
  expect(await publish('Hello')).toMatchObject({ status: 200 })
})

test('in a user channel the message is for the user of that ID, who may be away', async () => {
  await publish('Are you there?', { channel: 'bob', channelType: 'user' })
  rig().emulator.users.login('bob')
  await publish('Hello', { channel: 'bob', channelType: 'user', query: '?customType=greeting' })
  expect(rig().emulator.messages()).toMatchObject([
    { channelType: 'user', channel: 'bob', deliveredTo: [] },
    { channelType: 'user', channel: 'bob', deliveredTo: ['bob'], customType: 'greeting' },
  ])
})

test('it is in the history when storeInHistory says so, and not else', async () => {
  await publish('not stored')
  await publish('not stored either', { query: '?storeInHistory=false' })
  await publish('stored', { query: '?storeInHistory=true&customType=text' })
  expect((await rig().get(rig().historyPath('lobby'))).body).toMatchObject({
    data: { count: 1, messageList: [{ message: 'stored', customType: 'text', publisher: 'alice' }] },
  })
})

test('a customType may be 32 characters long, and is decoded as queries are', async () => {
  await publish('x', { query: `?customType=${'t'.repeat(32)}` })
  await publish('x', { query: '?customType=a+b%20c%2B' })
  const types = rig()
    .emulator.messages()
    .map((message) => ('customType' in message ? message.customType : ''))
  expect(types).toEqual(['t'.repeat(32), 'a b c+'])
})

describe('what is refused, with the reason', () => {
  test.each([
    ['an empty message', '', {}, 'The payload must not be empty.'],
    ['a message over 32 KB', 'x'.repeat(32_769), {}, /^The payload has 32769 bytes/],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe]), {}, /text only, no binary/],
    [
      'a customType over 32 characters',
      'x',
      { query: `?customType=${'t'.repeat(33)}` },
      /^customType must have 1 to 32/,
    ],
    [
      'storeInHistory=yes',
      'x',
      { query: '?storeInHistory=yes' },
      'storeInHistory must be true or false in the query.',
    ],
    [
      'an unknown channel type',
      'x',
      { channelType: 'stream' },
      /^channelType in the path must be message or user/,
    ],
    ['an illegal channel name', 'x', { channel: '%2A' }, /^channel in the path must not contain/],
  ])('%s', async (_, body, options, reason) => {
    const answer = await publish(body, options)
    expect(answer).toMatchObject({
      status: 400,
      body: { data: null, error: true, errorCode: 400, operation: 'publish' },
      synthetic: true,
    })
    expect(answer.reason).toMatch(reason)
    expect(rig().emulator.messages()).toEqual([])
  })
})

test('a payload of 32,768 bytes is not too large', async () => {
  expect(await publish('x'.repeat(32_768))).toMatchObject({ status: 200 })
  expect(rig().emulator.requests().at(-1)).toMatchObject({ payloadBytes: 32_768 })
})
