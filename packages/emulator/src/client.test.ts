import { accessToken2Auth, createSignalingClient } from '@agora-signaling/core'
import type { SignalingClientOptions } from '@agora-signaling/core'
import { afterEach, describe, expect, test } from 'vitest'
import { useEmulator } from './rest.test.support.js'

const rig = useEmulator()
const closing: (() => Promise<void>)[] = []

function clientWith(options: SignalingClientOptions): ReturnType<typeof createSignalingClient> {
  const client = createSignalingClient(options)
  closing.push(() => client.close())
  return client
}

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

test('credentials and url are the options of a client, which can then do everything', async () => {
  const { credentials, url, users, channels, messages } = rig().emulator
  const client = clientWith({ ...credentials, baseUrl: url })
  users.login('bob')
  channels.join('lobby', 'bob')

  const sent = await client.messages.sendToUser({
    from: 'alice',
    to: 'bob',
    payload: 'Hello',
    waitForAck: true,
  })
  await client.messages.sendToChannel({ from: 'alice', channel: 'lobby', payload: 'Hello all' })
  expect(sent.status).toBe('delivered')
  expect(messages()).toMatchObject([
    { kind: 'peer', payload: 'Hello', deliveredTo: ['bob'] },
    { kind: 'channel', payload: 'Hello all', deliveredTo: ['bob'] },
  ])

  const page = await client.history.list({ channel: 'lobby', userId: 'alice' }).page()
  expect(page.messages).toMatchObject([{ publisher: 'alice', payload: 'Hello all' }])
  const projects = await client.projects.list()
  expect(projects).toMatchObject([{ appId: credentials.appId }])
})

describe('a client that mints its own tokens', () => {
  test.each(['authorization', 'x-agora', 'both'] as const)(
    'is served with the header style %s',
    async (headerStyle) => {
      const { credentials, url, requests } = rig().emulator
      const { appId, appCertificate } = credentials
      const auth = accessToken2Auth({ appId, appCertificate, userId: 'alice', headerStyle })
      await clientWith({ appId, auth, baseUrl: url }).events.pullUserEvents()
      expect(requests()).toMatchObject([{ status: 200, userId: 'alice' }])
    },
  )
})
