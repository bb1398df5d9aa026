import { createTestClient } from '@agora-signaling/core/testing'
import { Test } from '@nestjs/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stubEnvironment } from './emulator.test.support.js'
import { AgoraSignalingModule, getAgoraToken } from './index.js'
import type { AgoraRequest } from './index.js'
import { as, hello, RoomsModule } from './rooms.test.support.js'
import { listen, platforms } from './site.test.support.js'
import type { Site } from './site.test.support.js'

const userOf = (req: AgoraRequest): string | undefined => req.user?.id

describe.each(platforms)('a module under test with createTestClient() and $platform', (platform) => {
  async function open(client: ReturnType<typeof createTestClient>): Promise<Site> {
    stubEnvironment({})
    const testing = await Test.createTestingModule({
      imports: [AgoraSignalingModule.forRoot({ userId: userOf }), RoomsModule],
    })
      .overrideProvider(getAgoraToken())
      .useValue(client)
      .compile()
    const site = await listen(testing.createNestApplication(platform.createAdapter(), { logger: false }))
    onTestFinished(() => site.app.close())
    return site
  }

  test('overrideProvider(getAgoraToken()) serves @InjectAgora() and @Agora(), without credentials', async () => {
    const sent = { status: 'sent', requestId: 'r' } as const
    const client = createTestClient({ 'messages.sendToChannel': sent })
    const site = await open(client)
    expect(await site.fetch('/rooms/lobby/announcements', hello)).toMatchObject({ status: 201, body: sent })
    expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({
      status: 201,
      body: sent,
    })
    expect(client.calls.map(({ userId }) => userId)).toEqual([undefined, 'alice'])
  })

  test('what has no answer says which one to give', async () => {
    const client = createTestClient()
    const site = await open(client)
    expect(await site.fetch('/rooms/lobby/messages', as('alice', hello))).toMatchObject({ status: 500 })
    expect(client.calls).toMatchObject([{ method: 'messages.sendToChannel' }])
  })
})
