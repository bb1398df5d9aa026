import { createSignalingClient } from '@agora-signaling/core'
import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { having, lobby, matching, optionsFor, post, sendersAt, whoAt } from './lobby.js'

export const clientOfARequest: Section = section('the client of a request', (check) => {
  check('is on the request, and getAgora() gives the same', async ({ emulator, open }) => {
    const agora = await emulator()
    const site = await open({
      mounts: [{ options: { ...optionsFor(agora), userId: 'server' } }],
      routes: [
        {
          path: '/',
          handle: ({ attached, getAgora }) => ({
            isSame: attached() === getAgora(),
            appId: getAgora().appId,
            userId: getAgora().userId,
          }),
        },
      ],
    })
    expect(await site.fetch('/')).toMatchObject({
      status: 200,
      body: { isSame: true, appId: agora.credentials.appId, userId: 'server' },
    })
  })

  check('needs no options: everything comes from the environment', async (bench) => {
    const agora = await bench.emulator()
    bench.setEnvironment({ ...agora.env, AGORA_USER_ID: 'server' })
    const site = await bench.open({ mounts: [{ options: {} }], routes: [lobby] })
    expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200, body: { status: 'sent' } })
    expect(sendersAt(agora)).toEqual(['server'])
  })

  check('may be one that the application made', async ({ emulator, open }) => {
    const agora = await emulator()
    const client = createSignalingClient({ ...optionsFor(agora), userId: 'server' })
    const site = await open({ mounts: [{ options: { client } }], routes: [whoAt('/who'), lobby] })
    expect(await site.fetch('/who')).toMatchObject({ body: { userId: 'server' } })
    expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200 })
    await client.close()
  })

  check('has nothing to close: trying to closes nothing of others', async ({ emulator, open }) => {
    const agora = await emulator()
    const options = optionsFor(agora)
    for (const tenant of [undefined, { key: () => 'theirs', options: () => options }]) {
      const site = await open({
        mounts: [{ options: { ...options, tenant, userId: () => 'alice' } }],
        routes: [
          lobby,
          {
            path: '/close',
            handle: async ({ getAgora }) => {
              const closing = getAgora().close()
              await expect(closing).rejects.toMatchObject({ message: matching(/nothing to close/) })
              return { closed: false }
            },
          },
        ],
      })
      expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200 })
      expect(await site.fetch('/close')).toMatchObject({ status: 200, body: { closed: false } })
      expect(await site.fetch('/lobby', post)).toMatchObject({ status: 200, body: { status: 'sent' } })
    }
  })

  const mistakes: [string, object, RegExp][] = [
    ['a misspelt name', { userID: () => 'alice' }, /userID.*userId/],
    ['a wrong type', { userId: {} }, /userId/],
    ['quotas that are switched on', { quotas: true }, /quotas/],
  ]
  for (const [what, mistake, message] of mistakes) {
    check(`options with ${what} stop the start`, async ({ emulator, open }) => {
      const options = { ...optionsFor(await emulator()), ...mistake }
      await expect(open({ mounts: [{ options }], routes: [lobby] })).rejects.toMatchObject({
        code: 'ERR_CONFIG_INVALID',
        message: matching(message),
      })
    })
  }

  check('incomplete options stop the start, with the variable that is missing', async ({ open }) => {
    await expect(open({ mounts: [{ options: {} }] })).rejects.toMatchObject({
      code: 'ERR_CONFIG_MISSING',
      message: matching(/AGORA_APP_ID/),
    })
  })

  check('without agoraSignaling() before the route, the developer is told what to add', async ({ open }) => {
    const site = await open({ routes: [whoAt('/who')] })
    const { status } = await site.fetch('/who')
    expect(status).toBeGreaterThanOrEqual(400)
    expect([...site.reports, ...site.otherErrors]).toEqual([
      having({ code: 'ERR_NOT_REGISTERED', message: matching(/agoraSignaling/i) }),
    ])
  })
})
