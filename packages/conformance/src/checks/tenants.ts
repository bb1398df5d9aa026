import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import type { Mount } from '../rig.js'
import { having, lobby, matching, optionsFor, sendersAt } from './lobby.js'

type Tenant = NonNullable<Mount['options']['tenant']>
const userId = (): string => 'alice'

function from(tenant: string): RequestInit {
  return { method: 'POST', headers: { 'x-tenant': tenant } }
}

/** Finds the options of a tenant as an application does: anew for each request. */
function tenantsOf(emulators: Readonly<Record<string, Emulator>>): Tenant {
  return (caller) => {
    const emulator = emulators[caller.header('x-tenant') ?? '']
    return emulator === undefined ? undefined : optionsFor(emulator)
  }
}

export const tenants: Section = section('the tenant of a request', (check) => {
  for (const when of ['at once', 'after a while']) {
    check(`decides which project a message goes to, found ${when}`, async ({ emulator, open }) => {
      const [first, second] = [await emulator(), await emulator()]
      const atOnce = tenantsOf({ first, second })
      const tenant: Tenant = when === 'at once' ? atOnce : async (caller) => Promise.resolve(atOnce(caller))
      const site = await open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
      const names = ['first', 'second', 'second', 'first', 'second']
      const answers = await Promise.all(names.map((name) => site.fetch('/lobby', from(name))))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect([sendersAt(first).length, sendersAt(second).length]).toEqual([2, 3])
    })
  }

  check('is the default project when the callback names none', async ({ emulator, open }) => {
    const [first, second] = [await emulator(), await emulator()]
    const options = { ...optionsFor(second), userId, tenant: tenantsOf({ first }) }
    const site = await open({ mounts: [{ options }], routes: [lobby] })
    expect(await site.fetch('/lobby', from('unknown'))).toMatchObject({ status: 200 })
    expect([sendersAt(first), sendersAt(second)]).toEqual([[], ['alice']])
  })

  check('with another’s App ID and a secret of its own gets no client of the other', async (bench) => {
    const agora = await bench.emulator()
    const tenant: Tenant = (caller) => ({
      ...optionsFor(agora),
      customerSecret: caller.header('x-tenant') ?? '',
    })
    const site = await bench.open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
    expect(await site.fetch('/lobby', from(agora.credentials.customerSecret))).toMatchObject({ status: 200 })
    expect(await site.fetch('/lobby', from('guessed'))).toMatchObject({ status: 502 })
  })

  check(
    'with incomplete credentials is a fault of the server: 500, and the developer is told which',
    async (bench) => {
      const agora = await bench.emulator()
      const tenant: Tenant = () => ({ ...optionsFor(agora), customerSecret: '' })
      const site = await bench.open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
      const answer = await site.fetch('/lobby', from('first'))
      expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_CONFIG_MISSING' } })
      expect(JSON.stringify(answer.body)).not.toContain('customerSecret')
      expect(site.reports).toEqual([having({ message: matching(/customerSecret is missing/) })])
    },
  )

  const unknown = new Error('There is no such tenant.')
  const failing: [string, Tenant][] = [
    [
      'throws',
      () => {
        throw unknown
      },
    ],
    ['rejects', async () => Promise.reject(unknown)],
  ]
  for (const [fails, tenant] of failing) {
    check(`is a matter for the application’s error handler when the callback ${fails}`, async ({ open }) => {
      const site = await open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
      expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 418 })
      expect(site.otherErrors).toEqual([unknown])
      expect(site.reports).toEqual([])
    })
  }
})
