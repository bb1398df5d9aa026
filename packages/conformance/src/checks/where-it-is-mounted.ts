import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import type { Mount, Route } from '../rig.js'
import { optionsFor, whoAt } from './lobby.js'

function actingFor(agora: Emulator, userId: string): Mount['options'] {
  return { ...optionsFor(agora), userId: () => userId }
}

/** Tells whether there is a client. */
function hasClientAt(path: string): Route {
  return {
    path,
    handle: ({ attached }) => {
      try {
        return { hasClient: attached() !== undefined && attached() !== null }
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_NOT_REGISTERED' })
        return { hasClient: false }
      }
    },
  }
}

export const whereItIsMounted: Section = section('agoraSignaling() mounted', (check) => {
  check('under a prefix serves what is below it, and nothing else', async ({ emulator, open }) => {
    const agora = await emulator()
    const site = await open({
      mounts: [{ prefix: '/api', options: actingFor(agora, 'alice') }],
      routes: [whoAt('/api/who'), hasClientAt('/api/client'), hasClientAt('/client')],
      tokenRoute: { path: '/api/agora/token', options: {} },
    })
    expect(await site.fetch('/api/who')).toMatchObject({ status: 200, body: { userId: 'alice' } })
    expect(await site.fetch('/api/client')).toMatchObject({ body: { hasClient: true } })
    expect(await site.fetch('/client')).toMatchObject({ body: { hasClient: false } })
    expect(await site.fetch('/api/agora/token')).toMatchObject({ status: 200, body: { userId: 'alice' } })
  })

  check('twice lets the inner one win, as with any middleware', async ({ emulator, open }) => {
    const agora = await emulator()
    const site = await open({
      mounts: [
        { options: actingFor(agora, 'alice') },
        { prefix: '/admin', options: actingFor(agora, 'admin') },
      ],
      routes: [whoAt('/who'), whoAt('/admin/who')],
    })
    expect(await site.fetch('/who')).toMatchObject({ body: { userId: 'alice' } })
    expect(await site.fetch('/admin/who')).toMatchObject({ body: { userId: 'admin' } })
  })

  check('side by side keeps two projects apart', async ({ emulator, open }) => {
    const [first, second] = [await emulator(), await emulator()]
    const site = await open({
      mounts: [
        { prefix: '/first', options: actingFor(first, 'alice') },
        { prefix: '/second', options: actingFor(second, 'bob') },
      ],
      routes: [whoAt('/first/who'), whoAt('/second/who')],
    })
    expect(await site.fetch('/first/who')).toMatchObject({
      body: { userId: 'alice', appId: first.credentials.appId },
    })
    expect(await site.fetch('/second/who')).toMatchObject({
      body: { userId: 'bob', appId: second.credentials.appId },
    })
  })

  check('twice in one place lets the later one win', async ({ emulator, open }) => {
    const agora = await emulator()
    const site = await open({
      mounts: [{ options: actingFor(agora, 'alice') }, { options: actingFor(agora, 'bob') }],
      routes: [whoAt('/who')],
    })
    expect(await site.fetch('/who')).toMatchObject({ body: { userId: 'bob' } })
  })
})
