import { createSignalingClient, isAgoraError } from '@agora-signaling/core'
import type { SignalingClient, SignalingClientOptions } from '@agora-signaling/core'
import { expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'

const rig = useEmulator()

const send = ({ messages }: SignalingClient): Promise<unknown> =>
  messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
const post =
  (body: object) =>
  (client: SignalingClient): Promise<unknown> =>
    client.request({
      method: 'POST',
      path: `/dev/v2/project/${client.appId}/rtm/users/alice/peer_messages`,
      body,
    })
const get =
  (path: string, query: Record<string, string> = {}) =>
  (client: SignalingClient): Promise<unknown> =>
    client.request({ method: 'GET', path: path.replace('APP', client.appId), query })

test.each<[string, object, (client: SignalingClient) => Promise<unknown>]>([
  ['a wrong secret', { customerSecret: 'f'.repeat(32) }, send],
  ['an unknown customer', { customerId: 'f'.repeat(32) }, send],
  ['a path that is not there', {}, get('/dev/v2/project/APP/rtm/nothing')],
  ['a slash too many', {}, get('/dev/v1/projects/')],
  ['another method', {}, get('/dev/v2/project/APP/rtm/users/alice/peer_messages')],
  ['an empty body', {}, post({})],
  ['a payload that is no text', {}, post({ destination: 'bob', payload: 7 })],
  ['a flag that is none', {}, post({ destination: 'bob', payload: 'hi', enable_offline_messaging: 'yes' })],
  [
    'a message count that is none',
    {},
    get('/rtm/v2/history/APP/userId/alice/channelType/message/channel/lobby', { messageCount: '1000' }),
  ],
])('the reason of the emulator gets to the developer whole: %s', async (_, change, call) => {
  const { credentials, url, requests } = rig().emulator
  const { appId, customerId, customerSecret } = credentials
  const options: SignalingClientOptions = { appId, customerId, customerSecret, baseUrl: url, ...change }
  const client = createSignalingClient(options)
  const error: unknown = await call(client).catch((reason: unknown) => reason)
  await client.close()
  const reason = requests().at(-1)?.reason
  expect(reason).toBeDefined()
  expect(isAgoraError(error) && 'hint' in error ? error.hint : error).toBe(reason)
})
