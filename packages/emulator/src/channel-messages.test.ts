import { expect, test } from 'vitest'
import { anyOf, useEmulator } from './rest.test.support.js'

const rig = useEmulator()

test('a channel message succeeds also when nobody is in the channel', async () => {
  const { status, body, headers } = await rig().sendChannel()
  expect({ status, body }).toEqual({
    status: 200,
    body: { result: 'success', request_id: headers['x-request-id'], code: 'message_sent' },
  })
  expect(rig().emulator.messages()).toMatchObject([{ kind: 'channel', channel: 'lobby', deliveredTo: [] }])
})

test('everybody in the channel has it, the sender too, in the order of joining, and nobody else', async () => {
  for (const user of ['bob', 'carol', 'alice']) rig().emulator.channels.join('lobby', user)
  rig().emulator.channels.join('stage', 'erin')
  rig().emulator.channels.leave('lobby', 'carol')
  await rig().sendChannel({ payload: 'Welcome' })
  expect(rig().emulator.messages()).toEqual([
    {
      kind: 'channel',
      from: 'alice',
      channel: 'lobby',
      payload: 'Welcome',
      at: anyOf(Date),
      deliveredTo: ['bob', 'alice'],
    },
  ])
})

test.each([
  ['no channel_name', { channel_name: undefined }, 'channel_name is missing in the request body.'],
  ['an illegal channel name', { channel_name: 'a/b' }, /^channel_name must not contain/],
  ['an empty payload', { payload: '' }, 'The payload must not be empty.'],
  ['a payload over 32 KB', { payload: 'x'.repeat(32_769) }, /^The payload has 32769 bytes/],
  ['text for a switch', { enable_historical_messaging: 'false' }, /must be true or false/],
])('%s is refused with the reason', async (_, body, reason) => {
  const answer = await rig().sendChannel(body)
  expect(answer).toMatchObject({
    status: 400,
    body: { result: 'failed', code: 'invalid_request' },
    synthetic: true,
  })
  expect(answer.reason).toMatch(reason)
  expect(rig().emulator.messages()).toEqual([])
})

test('a body that is not JSON is 415', async () => {
  const path = `${rig().project}/users/alice/channel_messages`
  expect(await rig().call({ method: 'POST', path, body: 'Hello' })).toMatchObject({ status: 415 })
})
