import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, vi } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { urlOf } from '../listening.js'
import type { Route } from '../rig.js'
import { having, lobby, optionsFor, post, sendersAt } from './lobby.js'

/** A route that sends to the lobby, and remembers how that ended. */
function watched(route: Route, outcomes: unknown[]): Route {
  return {
    path: route.path,
    handle: async (call) => {
      try {
        const answer = await route.handle(call)
        outcomes.push(answer)
        return answer
      } catch (error) {
        outcomes.push(error)
        throw error
      }
    },
  }
}

export const callersThatLeave: Section = section('a caller that goes away', (check) => {
  check('takes the call to Agora along', async ({ emulator, open, serve }) => {
    const calls: ServerResponse[] = []
    const upstream = await serve((_req, res) => void calls.push(res))
    const outcomes: unknown[] = []
    const options = { ...optionsFor(await emulator()), baseUrl: urlOf(upstream), userId: 'server' }
    const site = await open({ mounts: [{ options }], routes: [watched(lobby, outcomes)] })

    const caller = new AbortController()
    const answer = site.fetch('/lobby', { ...post, signal: caller.signal })
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(outcomes).toEqual([having({ code: 'ERR_ABORTED' })]))
    await vi.waitFor(() => expect(calls[0]?.closed).toBe(true))
    // It is nobody's fault.
    expect([...site.reports, ...site.otherErrors]).toEqual([])
  })

  check('before its user is found sends nothing', async ({ emulator, open }) => {
    const agora = await emulator()
    const outcomes: unknown[] = []
    const waiting: (() => void)[] = []
    const userId = async (): Promise<string> => {
      await new Promise<void>((resolve) => void waiting.push(resolve))
      return 'alice'
    }
    const site = await open({
      mounts: [{ options: { ...optionsFor(agora), userId } }],
      routes: [watched(lobby, outcomes)],
    })
    const connections: NodeJS.EventEmitter[] = []
    site.server.on('connection', (socket) => connections.push(socket))

    const caller = new AbortController()
    const answer = site.fetch('/lobby', { ...post, signal: caller.signal })
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    const gone = Promise.all(connections.map((connection) => once(connection, 'close')))
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
    await gone
    waiting[0]?.()
    await vi.waitFor(() => expect(outcomes).toEqual([having({ code: 'ERR_ABORTED' })]))
    expect(agora.requests()).toEqual([])
  })

  check('with its answer leaves work alone that goes on', async ({ emulator, open }) => {
    const agora = await emulator()
    const later: (() => Promise<unknown>)[] = []
    const site = await open({
      mounts: [{ options: { ...optionsFor(agora), userId: () => 'alice' } }],
      routes: [
        {
          path: '/',
          handle: ({ getAgora }) => {
            const { messages } = getAgora()
            later.push(async () => messages.sendToChannel({ channel: 'lobby', payload: 'hello' }))
            return {}
          },
        },
      ],
    })
    expect(await site.fetch('/', { ...post, headers: { connection: 'close' } })).toMatchObject({
      status: 200,
    })
    await later[0]?.()
    expect(sendersAt(agora)).toEqual(['alice'])
  })
})
