import { describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import { inTurn, TestEmulator, useEmulator } from './rest.test.support.js'
import type { RestAnswer } from './rest.test.support.js'

let now = 1_800_000_000_000
const rig = useEmulator({ now: () => now })

function dataOf({ body }: RestAnswer): unknown {
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined
}

async function read(
  channel: string,
  options: { channelType?: string; query?: string } = {},
): Promise<unknown> {
  return dataOf(await rig().get(rig().historyPath(channel, options)))
}

test('a channel message can be read back', async () => {
  await rig().sendChannel({ payload: 'Hello' })
  const { status, body, headers, synthetic } = await rig().get(rig().historyPath('lobby'))
  expect({ status, body, synthetic }).toEqual({
    status: 200,
    synthetic: false,
    body: {
      errorCode: 200,
      error: false,
      requestId: headers['x-request-id'],
      operation: 'getMessage',
      reason: '',
      timestamp: now,
      data: {
        messageList: [
          { messageType: 'STRING', message: 'Hello', customType: '', publisher: 'alice', timestamp: now },
        ],
        count: 1,
        newStart: 0,
      },
    },
  })
})

test('a peer message is in the user channel of its receiver', async () => {
  await rig().sendPeer({ payload: 'Hello Bob' })
  expect(await read('bob', { channelType: 'user' })).toMatchObject({
    messageList: [{ message: 'Hello Bob', publisher: 'alice' }],
  })
  expect(await read('alice', { channelType: 'user' })).toMatchObject({ count: 0 })
})

test('a channel without messages has an empty list', async () => {
  expect(await read('nowhere')).toEqual({ messageList: [], count: 0, newStart: 0 })
})

test('the newest messages come first, and newStart leads to the older ones', async () => {
  await inTurn(['1', '2', '3', '4', '5'], (payload) => rig().sendChannel({ payload }))
  expect(await read('lobby', { query: '?messageCount=2' })).toMatchObject({
    messageList: [{ message: '5' }, { message: '4' }],
    count: 2,
    newStart: now + 3,
  })
  expect(await read('lobby', { query: `?messageCount=2&start=${now + 3}` })).toMatchObject({
    messageList: [{ message: '3' }, { message: '2' }],
    newStart: now + 1,
  })
  expect(await read('lobby', { query: `?messageCount=2&start=${now + 1}` })).toMatchObject({
    messageList: [{ message: '1' }],
    newStart: 0,
  })
})

test('start is the newer bound and exclusive, end the older one and inclusive', async () => {
  await inTurn(['1', '2', '3', '4'], (payload) => rig().sendChannel({ payload }))
  expect(await read('lobby', { query: `?start=${now + 3}&end=${now + 1}` })).toMatchObject({
    messageList: [{ message: '3' }, { message: '2' }],
  })
  expect(await read('lobby', { query: `?start=${now + 1}&end=${now + 3}` })).toEqual({
    messageList: [],
    count: 0,
    newStart: 0,
  })
})

test('100 messages come without messageCount', async () => {
  for (let index = 0; index < 101; index += 1) {
    rig().emulator.history.add({ channel: 'lobby', publisher: 'bob', payload: String(index) })
  }
  expect(await read('lobby')).toMatchObject({ count: 100, newStart: now + 1 })
})

test('messages can be put there by the test, text or bytes', async () => {
  const { history } = rig().emulator
  history.add({
    channel: 'lobby',
    publisher: 'tony',
    payload: new TextEncoder().encode('Hello World'),
    customType: 'image',
  })
  history.add({ channelType: 'user', channel: 'bob', publisher: 'tony', payload: 'Hi' })
  expect(await read('lobby')).toMatchObject({
    messageList: [
      { messageType: 'BINARY', message: 'SGVsbG8gV29ybGQ=', customType: 'image', publisher: 'tony' },
    ],
  })
  expect(await read('bob', { channelType: 'user' })).toMatchObject({
    messageList: [{ messageType: 'STRING', message: 'Hi' }],
  })
})

describe('what is refused, with the reason', () => {
  test.each([
    ['?messageCount=0', 'messageCount must be a whole number from 1 to 100 in the query.'],
    ['?messageCount=101', 'messageCount must be a whole number from 1 to 100 in the query.'],
    ['?messageCount=ten', 'messageCount must be a whole number from 1 to 100 in the query.'],
    ['?start=-1', 'start must be a whole number from 0 to 9223372036854775807 in the query.'],
    ['?start=1.5', 'start must be a whole number from 0 to 9223372036854775807 in the query.'],
    ['?end=9223372036854775808', 'end must be a whole number from 0 to 9223372036854775807 in the query.'],
    [
      '?start=1&%20end%20=%202',
      'The query has a name that is not exactly end: write it in this case and without spaces.',
    ],
    [
      '?messagecount=5',
      'The query has a name that is not exactly messageCount: write it in this case and without spaces.',
    ],
    ['?start=%', 'The query is not valid percent-encoding: encode names and values.'],
  ])('%s', async (query, reason) => {
    const answer = await rig().get(rig().historyPath('lobby', { query }))
    const { status, body, synthetic } = answer
    expect({ status, body, synthetic, reason: answer.reason }).toEqual({
      status: 400,
      body: {
        data: null,
        error: true,
        errorCode: 400,
        operation: 'history',
        reason,
        requestId: answer.headers['x-request-id'],
      },
      reason,
      synthetic: true,
    })
  })

  test.each(['Message', 'USER', 'stream'])('the channel type %s', async (channelType) => {
    const answer = await rig().get(rig().historyPath('lobby', { channelType }))
    expect(answer).toMatchObject({
      status: 400,
      reason: 'channelType in the path must be message or user, in lower case.',
    })
  })

  test('an illegal channel name', async () => {
    const answer = await rig().get(rig().historyPath('a%2Fb'))
    expect(answer.status).toBe(400)
    expect(answer.reason).toMatch(/^channel in the path must not contain/)
  })
})

test('the largest bounds there are give what is there', async () => {
  await rig().sendChannel()
  expect(await read('lobby', { query: '?start=9223372036854775807&end=0&messageCount=' })).toMatchObject({
    count: 1,
  })
})

test('a project without history answers 403', async () => {
  const emulator = await createEmulator({ features: { history: false } })
  const without = new TestEmulator(emulator)
  await without.sendChannel()
  const answer = await without.get(without.historyPath('lobby'))
  expect(answer).toMatchObject({
    status: 403,
    body: {
      data: null,
      error: true,
      errorCode: 403,
      operation: 'history',
      reason: "The appID doesn't have History features enabled",
    },
    synthetic: true,
  })
  expect(answer.reason).toMatch(/^Message history is off for this project/)
  await emulator.close()
})

test('as a variant, failures come as HTTP 200 with the status in errorCode', async () => {
  const emulator = await createEmulator({ variants: { rtmV2FailuresAs200: true } })
  const odd = new TestEmulator(emulator)
  expect(await odd.get(odd.historyPath('lobby', { query: '?messageCount=0' }))).toMatchObject({
    status: 200,
    body: { error: true, errorCode: 400 },
  })
  expect(await odd.get('/rtm/v2/nowhere')).toMatchObject({ status: 404 })
  await emulator.close()
})
