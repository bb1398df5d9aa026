import { expect } from 'vitest'
import type { Bench, Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import type { Mount } from '../rig.js'
import { as, lobby, optionsFor, post, sendersAt, sessionUser, whoAt } from './lobby.js'

type UserId = Mount['options']['userId']

async function openLobby(
  { emulator, open }: Bench,
  userId: UserId,
): Promise<{ site: Site; agora: Awaited<ReturnType<Bench['emulator']>> }> {
  const agora = await emulator()
  const site = await open({ mounts: [{ options: { ...optionsFor(agora), userId } }], routes: [lobby] })
  return { site, agora }
}

export const userOfARequest: Section = section('the user of a request', (check) => {
  const found: [string, UserId][] = [
    ['at once', sessionUser],
    ['after a while', async (caller) => Promise.resolve(sessionUser(caller))],
  ]
  for (const [when, userId] of found) {
    check(`is the sender, found ${when}`, async (bench) => {
      const { site, agora } = await openLobby(bench, userId)
      expect(await site.fetch('/lobby', as('alice'))).toMatchObject({ status: 200, body: { status: 'sent' } })
      expect(await site.fetch('/lobby', as('bob'))).toMatchObject({ status: 200 })
      expect(sendersAt(agora)).toEqual(['alice', 'bob'])
      expect(agora.requests()).toMatchObject([{ userId: 'alice' }, { userId: 'bob' }])
    })
  }

  check('is on the client', async ({ emulator, open }) => {
    const options = { ...optionsFor(await emulator()), userId: sessionUser }
    const site = await open({ mounts: [{ options }], routes: [whoAt('/who')] })
    expect(await site.fetch('/who', as('alice'))).toMatchObject({ body: { userId: 'alice' } })
    expect(await site.fetch('/who')).toMatchObject({ body: { userId: null } })
  })

  for (const nobody of [undefined, null, '']) {
    check(
      `is missing when the callback gives ${nobody === '' ? 'an empty text' : nobody}: 401`,
      async (bench) => {
        bench.setEnvironment({ AGORA_USER_ID: 'server' })
        const { site, agora } = await openLobby(bench, () => nobody)
        const answer = await site.fetch('/lobby', post)
        expect(answer).toMatchObject({ status: 401, body: { code: 'ERR_IDENTITY_MISSING' } })
        // Nothing is sent, not even as the back end itself.
        expect(agora.requests()).toEqual([])
        expect(site.reports).toEqual([])
      },
    )
  }

  check('with an ID that Agora cannot take is refused: 400, and nothing is sent', async (bench) => {
    const { site, agora } = await openLobby(bench, () => 'alice/bob')
    const answer = await site.fetch('/lobby', post)
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR_INVALID_USER_ID' } })
    expect(agora.requests()).toEqual([])
  })

  check('is the only one the client sends as: 403', async ({ emulator, open }) => {
    const agora = await emulator()
    const site = await open({
      mounts: [{ options: { ...optionsFor(agora), userId: sessionUser } }],
      routes: [
        {
          path: '/',
          handle: ({ getAgora }) =>
            getAgora().messages.sendToUser({ from: 'mallory', to: 'bob', payload: 'hello' }),
        },
      ],
    })
    const answer = await site.fetch('/', as('alice'))
    expect(answer).toMatchObject({ status: 403, body: { code: 'ERR_SENDER_MISMATCH' } })
    expect(agora.requests()).toEqual([])
  })

  check('a user ID as text is the back end’s own', async (bench) => {
    const { site, agora } = await openLobby(bench, 'server')
    expect(await site.fetch('/lobby', as('alice'))).toMatchObject({ status: 200 })
    expect(sendersAt(agora)).toEqual(['server'])
  })

  const lost = new Error('The session store is down.')
  const failing: [string, UserId][] = [
    [
      'throws',
      () => {
        throw lost
      },
    ],
    ['rejects', async () => Promise.reject(lost)],
  ]
  for (const [fails, userId] of failing) {
    check(`is a matter for the application’s error handler when the callback ${fails}`, async (bench) => {
      const { site, agora } = await openLobby(bench, userId)
      expect(await site.fetch('/lobby', post)).toMatchObject({ status: 418, body: { code: 'TEAPOT' } })
      expect(site.otherErrors).toEqual([lost])
      expect(site.reports).toEqual([])
      expect(agora.requests()).toEqual([])
    })
  }

  // Express reads next(undefined) as success and next('route') as a way around handlers, Koa answers nothing at all, and
  // Fastify sends the text.
  for (const reason of [undefined, 'route']) {
    check(
      `is nobody when the callback rejects with ${reason ?? 'nothing'}: an error like any other`,
      async (bench) => {
        const { site, agora } = await openLobby(bench, async () => Promise.reject(reason))
        expect(await site.fetch('/lobby', post)).toMatchObject({ status: 418 })
        expect(site.otherErrors).toMatchObject([{ cause: reason }])
        expect(String(site.otherErrors[0])).toContain('userId callback')
        expect(agora.requests()).toEqual([])
      },
    )
  }
})
