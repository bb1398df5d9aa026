import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { optionsFor, useEmulator } from './emulator.test.support.js'
import { AgoraSignalingModule, createSignalingClient, getAgoraToken } from './index.js'
import type { SignalingClient } from './index.js'
import { hello, RoomsModule } from './rooms.test.support.js'
import { listenOn, platforms, serve } from './site.test.support.js'

const emulator = useEmulator()

/** Stands in for Agora: answers when it is told to. */
async function slowAgora(): Promise<{ url: string; server: Server; waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = []
  const server = createServer((_req, res) => void waiting.push(res))
  return { url: await listenOn(server), server, waiting }
}

async function openConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
}

describe.each(platforms)('app.close() with $platform', (platform) => {
  test('answers the requests under way, then closes the connections to Agora', async () => {
    const agora = await slowAgora()
    const sessions = new EventEmitter()
    const userId = vi.fn<() => Promise<string>>(async () => {
      await once(sessions, 'found')
      return 'alice'
    })
    const options = { ...optionsFor(emulator()), baseUrl: agora.url, userId }
    const site = await serve(platform, { imports: [AgoraSignalingModule.forRoot(options), RoomsModule] })
    // A connection that its caller keeps for later would keep the server open, too.
    const headers = new Headers(hello.headers)
    headers.set('connection', 'close')
    const answer = site.fetch('/rooms/lobby/messages', { ...hello, headers })
    await vi.waitUntil(() => userId.mock.calls.length === 1)

    const closed = site.app.close()
    await vi.waitUntil(() => !site.isListening())
    sessions.emit('found')
    await vi.waitUntil(() => agora.waiting.length === 1)
    agora.waiting[0]?.writeHead(200, { 'content-type': 'application/json' }).end('{"result":"success"}')
    expect(await answer).toMatchObject({ status: 201 })
    await closed
    await vi.waitUntil(async () => (await openConnections(agora.server)) === 0)
    await expect(site.app.get<SignalingClient>(getAgoraToken()).projects.list()).rejects.toMatchObject({
      code: 'ERR_CLIENT_CLOSED',
    })
  })

  test('closes those of every tenant and of every name', async () => {
    const agora = await slowAgora()
    agora.server.removeAllListeners('request').on('request', (_req, res: ServerResponse) => {
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"result":"success"}')
    })
    const options = { ...optionsFor(emulator()), baseUrl: agora.url }
    const imports = [
      AgoraSignalingModule.forRoot({
        ...options,
        userId: () => 'alice',
        tenant: { key: () => 'theirs', options: () => options },
      }),
      AgoraSignalingModule.forRoot({ ...options, name: 'chat', userId: 'server' }),
      RoomsModule,
    ]
    const site = await serve(platform, { imports })
    await site.fetch('/rooms/lobby/messages', hello)
    await site.app
      .get<SignalingClient>(getAgoraToken('chat'))
      .messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
    expect(await openConnections(agora.server)).toBe(2)
    await site.app.close()
    await vi.waitUntil(async () => (await openConnections(agora.server)) === 0)
  })

  test('leaves a client alone that was handed in', async () => {
    const client = createSignalingClient(optionsFor(emulator()))
    const site = await serve(platform, { imports: [AgoraSignalingModule.forRoot({ client }), RoomsModule] })
    await site.app.close()
    expect(await client.projects.list()).toHaveLength(1)
    await client.close()
  })
})
