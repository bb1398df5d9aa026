import { AgoraConfigError } from '@agora-signaling/core'
import { createTestClient } from '@agora-signaling/core/testing'
import { describe, expect, test } from 'vitest'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from './index.js'
import { expressVersions, route, serve } from './site.test.support.js'
import type { Site } from './site.test.support.js'

type TestClient = ReturnType<typeof createTestClient>

// An application under test: no emulator, no account, nothing in the environment.
describe.each(expressVersions)('an application in $version with createTestClient()', ({ express }) => {
  async function open(client: TestClient): Promise<Site> {
    const app = express()
    app.use(agoraSignaling({ client, userId: (req) => req.get('x-session') }))
    app.post(
      '/hello',
      route(async (req, res) => {
        res.json(await req.agora.messages.sendToUser({ to: 'bob', payload: 'hello' }))
      }),
    )
    app.use('/token', tokenRoute())
    app.use(agoraErrorHandler({ onError: () => {} }))
    return serve(app)
  }
  const asAlice = { headers: { 'x-session': 'alice' } }

  test('answers as the test says, and says who called', async () => {
    const client = createTestClient({ 'messages.sendToUser': { status: 'offline', requestId: undefined } })
    const site = await open(client)
    expect(await site.get('/hello', { method: 'POST', ...asAlice })).toMatchObject({
      status: 200,
      body: { status: 'offline' },
    })
    expect(client.calls).toEqual([
      { method: 'messages.sendToUser', arguments: [{ to: 'bob', payload: 'hello' }], userId: 'alice' },
    ])
  })

  test('fails as the test says', async () => {
    const closed = new AgoraConfigError('ERR_CLIENT_CLOSED', 'closed')
    const site = await open(createTestClient({ 'messages.sendToUser': closed }))
    expect(await site.get('/hello', { method: 'POST', ...asAlice })).toMatchObject({
      status: 500,
      body: { code: 'ERR_CLIENT_CLOSED' },
    })
  })

  test('gives tokens that are plainly none, and none without a user', async () => {
    const site = await open(createTestClient())
    expect(await site.get('/token', asAlice)).toMatchObject({
      status: 200,
      body: { token: 'test-token-of-createTestClient', userId: 'alice' },
    })
    expect(await site.get('/token')).toMatchObject({ status: 401 })
    expect(await site.get('/hello', { method: 'POST' })).toMatchObject({ status: 401 })
  })
})
