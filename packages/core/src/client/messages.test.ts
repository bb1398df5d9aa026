import { describe, expect, test } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'

useCleanEnvironment()

const headers = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'agora-signaling-node',
  authorization: basicHeader,
}
const sent = { body: { result: 'success', request_id: '123', code: 'message_sent' } }

describe('sendToUser', () => {
  const base = `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`

  test('sends what Agora documents, and nothing else', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    await expect(
      agora.basicClient().messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' }),
    ).resolves.toEqual({
      status: 'sent',
      requestId: '123',
    })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.agora.io',
        method: 'POST',
        path: base,
        headers,
        body: '{"destination":"bob","payload":"hello"}',
      },
    ])
  })

  test('sends every parameter', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    await agora.basicClient().messages.sendToUser({
      from: 'alice',
      to: 'bob',
      payload: 'hello',
      waitForAck: true,
      enableOfflineMessaging: true,
      enableHistoricalMessaging: true,
    })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.agora.io',
        method: 'POST',
        path: `${base}?wait_for_ack=true`,
        headers,
        body: '{"destination":"bob","payload":"hello","enable_offline_messaging":true,"enable_historical_messaging":true}',
      },
    ])
  })

  test('leaves out what is off', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    const off = { waitForAck: false, enableOfflineMessaging: false, enableHistoricalMessaging: false }
    await agora.basicClient().messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello', ...off })
    expect(agora.requests).toMatchObject([{ path: base, body: '{"destination":"bob","payload":"hello"}' }])
  })

  test('encodes the sender in the path and leaves the receiver as it is', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    await agora.basicClient().messages.sendToUser({ from: 'a?b#c%d[e]', to: '..', payload: 'x' })
    expect(agora.requests).toMatchObject([
      {
        path: `/dev/v2/project/${appId}/rtm/users/a%3Fb%23c%25d%5Be%5D/peer_messages`,
        body: '{"destination":"..","payload":"x"}',
      },
    ])
  })

  test('carries a token in the style that was asked for', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    await agora
      .tokenClient({ userId: 'alice', headerStyle: 'both' })
      .messages.sendToUser({ to: 'bob', payload: 'x' })
    const token = agora.requests[0]?.headers['x-agora-token']
    expect(token).toMatch(/^007/)
    expect(agora.requests[0]?.headers).toEqual({
      ...headers,
      authorization: `agora token=${token}`,
      'x-agora-token': token,
      'x-agora-uid': 'alice',
    })
  })

  test.each([
    ['message_sent', 'sent'],
    ['message sent', 'sent'],
    ['message_delivered', 'delivered'],
    ['Message Delivered', 'delivered'],
    ['message_offline', 'offline'],
    ['peer_offline', 'offline'],
    ['a_code_of_next_year', 'sent'],
  ] as const)('code %s is status %s', async (code, status) => {
    const agora = mockAgora()
    agora.answers({ body: { result: 'success', request_id: '1', code } })
    const result = await agora
      .basicClient({ userId: 'alice' })
      .messages.sendToUser({ to: 'bob', payload: 'x' })
    expect(result).toEqual({ status, requestId: '1' })
  })

  test.each([
    ['the offline answer has no result', { request_id: '1', code: 'message_offline' }, 'offline', '1'],
    ['an answer has no code', { result: 'success', request_id: '1' }, 'sent', '1'],
    [
      'the request ID is above 2^53',
      { code: 'message_sent', request_id: '10116762670167749259' },
      'sent',
      '10116762670167749259',
    ],
  ] as const)('it does not matter that %s', async (_, body, status, requestId) => {
    const agora = mockAgora()
    agora.answers({ body })
    const result = await agora
      .basicClient({ userId: 'alice' })
      .messages.sendToUser({ to: 'bob', payload: 'x' })
    expect(result).toEqual({ status, requestId })
  })

  test('the request ID may stand in the header only', async () => {
    const agora = mockAgora()
    agora.answers({ body: { code: 'message_sent' }, headers: { 'X-Request-Id': 'abc' } })
    const result = await agora
      .basicClient({ userId: 'alice' })
      .messages.sendToUser({ to: 'bob', payload: 'x' })
    expect(result).toEqual({ status: 'sent', requestId: 'abc' })
  })

  test.each(['', 'a/b', ' bob', 'bøb', 'x'.repeat(65)])(
    'refuses the receiver %j before anything is sent',
    async (to) => {
      const agora = mockAgora()
      const error = await rejectionOf(
        agora.basicClient({ userId: 'alice' }).messages.sendToUser({ to, payload: 'x' }),
      )
      expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument: 'to' })
      expect(agora.requests).toHaveLength(0)
    },
  )
})

describe('sendToChannel', () => {
  test('sends what Agora documents', async () => {
    const agora = mockAgora()
    agora.answers(sent)
    agora.answers(sent)
    const { messages } = agora.basicClient()
    const message = { from: 'alice', channel: 'lobby of .', payload: '{"a":1}' }
    await expect(messages.sendToChannel(message)).resolves.toEqual({ status: 'sent', requestId: '123' })
    await messages.sendToChannel({ ...message, enableHistoricalMessaging: true })
    const request = {
      origin: 'https://api.agora.io',
      method: 'POST',
      path: `/dev/v2/project/${appId}/rtm/users/alice/channel_messages`,
      headers,
    }
    expect(agora.requests).toEqual([
      { ...request, body: '{"channel_name":"lobby of .","payload":"{\\"a\\":1}"}' },
      {
        ...request,
        body: '{"channel_name":"lobby of .","payload":"{\\"a\\":1}","enable_historical_messaging":true}',
      },
    ])
  })

  test('does not need a code in the answer', async () => {
    const agora = mockAgora()
    agora.answers({ body: { result: 'success', request_id: '1' } })
    const { messages } = agora.basicClient({ userId: 'alice' })
    await expect(messages.sendToChannel({ channel: 'lobby', payload: 'x' })).resolves.toEqual({
      status: 'sent',
      requestId: '1',
    })
  })

  test.each(['', 'a/b', 'a\\b', ' lobby', 'lobby ', 'löbby', 'x'.repeat(65)])(
    'refuses the channel %j before anything is sent',
    async (channel) => {
      const agora = mockAgora()
      const { messages } = agora.basicClient({ userId: 'alice' })
      const error = await rejectionOf(messages.sendToChannel({ channel, payload: 'x' }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_CHANNEL', argument: 'channel' })
      expect(agora.requests).toHaveLength(0)
    },
  )
})

describe('a payload', () => {
  test.each([
    ['of 32,768 bytes', 'x'.repeat(32_768)],
    ['of 32,768 bytes in fewer characters', 'ü'.repeat(16_384)],
    ['with every kind of character', '"\\\n\0🙂\u2028'],
  ])('%s arrives as it is', async (_, payload) => {
    const agora = mockAgora()
    agora.answers(sent)
    await agora.basicClient({ userId: 'alice' }).messages.sendToUser({ to: 'bob', payload })
    expect(JSON.parse(agora.requests[0]?.body ?? '')).toEqual({ destination: 'bob', payload })
  })

  test.each([
    ['that is empty', '', 'must not be empty'],
    ['of 32,769 bytes', 'x'.repeat(32_769), 'at most 32768 bytes of UTF-8, got 32769'],
    ['of 32,770 bytes in fewer characters', 'ü'.repeat(16_385), 'got 32770'],
    ['that is an object', { canary: 'canary' }, 'use JSON.stringify'],
    ['that is missing', undefined, 'payload is missing: it must be a string of 1 to 32768 bytes.'],
    ['that is null', null, 'payload is missing'],
  ])('%s is refused before anything is sent, and not repeated', async (_, payload, words) => {
    const agora = mockAgora()
    const { messages } = agora.basicClient({ userId: 'alice' })
    const errors = await Promise.all([
      rejectionOf(messages.sendToUser(unchecked({ to: 'bob', payload: '' }, { payload }))),
      rejectionOf(messages.sendToChannel(unchecked({ channel: 'lobby', payload: '' }, { payload }))),
    ])
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'ERR_INVALID_PAYLOAD', argument: 'payload' })
      expect(error.message).toContain(words)
      expect(error.message).not.toMatch(/canary|xxx|üüü/)
    }
    expect(agora.requests).toHaveLength(0)
  })
})
