import { describe, expect, test } from 'vitest'
import { appId, basicHeader } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import type { PublishOptions } from './publish.js'

useCleanEnvironment()

const success = { body: { errorCode: 200, error: false, requestId: '7', operation: 'publish', data: {} } }
const base = `/rtm/v2/publish/${appId}/userId/alice/channelType`

describe('experimental.publish', () => {
  test('sends the message as it is', async () => {
    const agora = mockAgora()
    agora.answersHistory(success)
    const publishing = agora
      .basicClient()
      .experimental.publish({ from: 'alice', channel: 'lobby', payload: 'hello "you"' })
    await expect(publishing).resolves.toEqual({ requestId: '7' })
    expect(agora.requests).toEqual([
      {
        origin: 'https://api.sd-rtn.com',
        method: 'POST',
        path: `${base}/message/channel/lobby?storeInHistory=false`,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'agora-signaling-node',
          authorization: basicHeader,
        },
        body: 'hello "you"',
      },
    ])
  })

  test('sends every parameter', async () => {
    const agora = mockAgora()
    agora.answersHistory(success)
    await agora.basicClient({ userId: 'alice' }).experimental.publish({
      channel: 'b b',
      channelType: 'user',
      payload: 'hello',
      storeInHistory: true,
      customType: 'a&b=c',
    })
    expect(agora.requests).toMatchObject([
      { path: `${base}/user/channel/b%20b?storeInHistory=true&customType=a%26b%3Dc` },
    ])
  })

  test('an errorCode in a 200 is an error', async () => {
    const agora = mockAgora()
    agora.answersHistory({ body: { errorCode: 429, error: true, reason: 'too fast' } })
    const { experimental } = agora.basicClient({ userId: 'alice' })
    const error = await rejectionOf(experimental.publish({ channel: 'lobby', payload: 'hello' }))
    expect(error).toMatchObject({ code: 'ERR_RATE_LIMITED', upstreamStatus: 429 })
    expect(error.message).toContain('60 messages a second, per channel')
  })

  test.each([
    ['channel', { channel: 'a/b' }, 'ERR_INVALID_CHANNEL'],
    ['channel', { channel: '.' }, 'ERR_INVALID_CHANNEL'],
    ['channel', { channel: '.', channelType: 'user' }, 'ERR_INVALID_USER_ID'],
    ['channelType', { channelType: 'stream' }, 'ERR_INVALID_ARGUMENT'],
    ['payload', { payload: '' }, 'ERR_INVALID_PAYLOAD'],
    ['payload', { payload: 'x'.repeat(32_769) }, 'ERR_INVALID_PAYLOAD'],
    ['customType', { customType: '' }, 'ERR_INVALID_ARGUMENT'],
    ['customType', { customType: 'x'.repeat(33) }, 'ERR_INVALID_ARGUMENT'],
    ['customType', { customType: 7 }, 'ERR_INVALID_ARGUMENT'],
  ])('a bad %s is refused before anything is sent', async (argument, change, code) => {
    const agora = mockAgora()
    const { experimental } = agora.basicClient({ userId: 'alice' })
    const options: PublishOptions = unchecked({ channel: 'lobby', payload: 'hello' }, change)
    const error = await rejectionOf(experimental.publish(options))
    expect(error).toMatchObject({ code, argument })
    expect(agora.requests).toHaveLength(0)
  })
})
