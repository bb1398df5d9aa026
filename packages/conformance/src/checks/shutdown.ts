import type { ServerResponse } from 'node:http'
import { createSignalingClient } from '@agora-signaling/core'
import { expect, vi } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { urlOf } from '../listening.js'
import { lobby, optionsFor, post, sendersAt } from './lobby.js'

const sent = '{"result":"success","request_id":"1","code":"message_sent"}'

export const shutdown: Section = section('shutting the site down', (check) => {
  check('closes the connections to Agora', async ({ emulator, open, serve }) => {
    const upstream = await serve((_req, res) => res.end(sent))
    const openSockets = new Set<object>()
    upstream.keepAliveTimeout = 60_000
    upstream.on('connection', (socket) => {
      openSockets.add(socket)
      socket.once('close', () => openSockets.delete(socket))
    })
    const options = { ...optionsFor(await emulator()), baseUrl: urlOf(upstream), userId: 'server' }
    const site = await open({ mounts: [{ options }], routes: [lobby] })
    expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200 })
    expect(openSockets.size).toBe(1)
    await site.close()
    await vi.waitFor(() => expect(openSockets.size).toBe(0))
  })

  check('waits for the calls under way', async ({ emulator, open, serve }) => {
    const calls: ServerResponse[] = []
    const upstream = await serve((_req, res) => void calls.push(res))
    const options = { ...optionsFor(await emulator()), baseUrl: urlOf(upstream), userId: 'server' }
    const site = await open({ mounts: [{ options }], routes: [lobby] })
    const answer = site.fetch('/lobby', post)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    const closed = site.close()
    calls[0]?.end(sent)
    expect(await answer).toMatchObject({ status: 200, body: { status: 'sent' } })
    // The connection that this check keeps alive is no call.
    site.server.closeIdleConnections()
    await closed
  })

  check('leaves a client open that the application made', async ({ emulator, open }) => {
    const agora = await emulator()
    const client = createSignalingClient({ ...optionsFor(agora), userId: 'server' })
    const site = await open({ mounts: [{ options: { client } }], routes: [lobby] })
    expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200 })
    await site.close()
    await client.messages.sendToUser({ to: 'bob', payload: 'hello' })
    expect(sendersAt(agora)).toEqual(['server', 'server'])
    await client.close()
  })
})
