import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { urlOf } from '../listening.js'
import type { Caller, Mount } from '../rig.js'
import { having, lobby, matching, optionsFor, sendersAt } from './lobby.js'

type Tenant = NonNullable<Mount['options']['tenant']>
type Options = ReturnType<typeof optionsFor>
const userId = (): string => 'alice'

function from(tenant: string): RequestInit {
  return { method: 'POST', headers: { 'x-tenant': tenant } }
}

function key(caller: Caller): string | undefined {
  return caller.header('x-tenant')
}

/** Finds the options of a tenant as an application does, and remembers for whom. */
function tenantsOf(emulators: Readonly<Record<string, Emulator>>): { tenant: Tenant; loads: string[] } {
  const loads: string[] = []
  const options = (name: string): Options => {
    loads.push(name)
    const emulator = Object.hasOwn(emulators, name) ? emulators[name] : undefined
    if (emulator === undefined) throw new Error(`There is no tenant of ${name.length} characters.`)
    return optionsFor(emulator)
  }
  return { tenant: { key, options }, loads }
}

const later: ((tenant: Tenant) => Tenant)[] = [
  (tenant) => tenant,
  (tenant) => ({ ...tenant, options: async (name) => Promise.resolve(tenant.options(name)) }),
  (tenant) => ({ ...tenant, key: async (caller) => Promise.resolve(tenant.key(caller)) }),
]
const when = ['at once', 'with options that take a while', 'with a key that takes a while'] as const

export const tenants: Section = section('the tenant of a request', (check) => {
  for (const [index, how] of when.entries()) {
    check(`decides which project a message goes to, found ${how}`, async ({ emulator, open }) => {
      const [first, second] = [await emulator(), await emulator()]
      const { tenant } = tenantsOf({ first, second })
      const site = await open({
        mounts: [{ options: { userId, tenant: later[index]?.(tenant) ?? tenant } }],
        routes: [lobby],
      })
      const names = ['first', 'second', 'second', 'first', 'second']
      const answers = await Promise.all(names.map((name) => site.fetch('/lobby', from(name))))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect([sendersAt(first).length, sendersAt(second).length]).toEqual([2, 3])
    })
  }

  check('is the default project when the callback names none', async ({ emulator, open }) => {
    const [first, second] = [await emulator(), await emulator()]
    const options = { ...optionsFor(second), userId, tenant: tenantsOf({ first }).tenant }
    const site = await open({ mounts: [{ options }], routes: [lobby] })
    expect(await site.fetch('/lobby', { method: 'POST' })).toMatchObject({ status: 200 })
    expect([sendersAt(first), sendersAt(second)]).toEqual([[], ['alice']])
  })

  check('has its options loaded once, also for requests that come at once', async ({ emulator, open }) => {
    const [first, second] = [await emulator(), await emulator()]
    const { tenant, loads } = tenantsOf({ first, second })
    const slow: Tenant = {
      key,
      options: async (name) => {
        await new Promise((resolve) => setImmediate(resolve))
        return tenant.options(name)
      },
    }
    const site = await open({ mounts: [{ options: { userId, tenant: slow } }], routes: [lobby] })
    const names = Array.from({ length: 20 }, (_, number) => (number % 2 === 0 ? 'first' : 'second'))
    const answers = await Promise.all(names.map((name) => site.fetch('/lobby', from(name))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    for (const name of names) await site.fetch('/lobby', from(name))
    expect(loads.toSorted()).toEqual(['first', 'second'])
  })

  check(
    'keeps its quota from request to request: 20 sends at 1 a second',
    async ({ emulator, open, serve }) => {
      const agora = await emulator()
      let sent = 0
      const upstream = await serve((_req, res) => {
        sent++
        res.end('{"result":"success","request_id":"1","code":"message_sent"}')
      })
      // A literal, as an application writes it: each load makes it anew.
      const options = (): Options & { quotas: object } => ({
        ...optionsFor(agora),
        baseUrl: urlOf(upstream),
        quotas: { messages: 1, maxWaiting: 0 },
      })
      const site = await open({
        mounts: [{ options: { userId, tenant: { key, options } } }],
        routes: [lobby],
      })
      const startedAt = performance.now()
      const answers = await Promise.all(Array.from({ length: 20 }, () => site.fetch('/lobby', from('first'))))
      const seconds = (performance.now() - startedAt) / 1000
      const statuses = answers.map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set([200, 503]))
      expect(sent).toBeLessThanOrEqual(1 + Math.ceil(seconds))
    },
  )

  check('is loaded anew once it was forgotten: a new secret counts', async ({ emulator, open }) => {
    const agora = await emulator()
    let customerSecret = 'of-last-year'
    const tenant: Tenant = { key, options: () => ({ ...optionsFor(agora), customerSecret }) }
    const site = await open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
    expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 502 })
    ;({ customerSecret } = agora.credentials)
    expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 502 })
    site.forgetTenant('first')
    expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 200 })
  })

  check('whose options cannot be loaded is tried again by the next request', async ({ emulator, open }) => {
    const agora = await emulator()
    let loads = 0
    const options = async (): Promise<Options> => {
      loads++
      if (loads === 1) throw new Error('The database is down.')
      return Promise.resolve(optionsFor(agora))
    }
    const site = await open({ mounts: [{ options: { userId, tenant: { key, options } } }], routes: [lobby] })
    expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 418 })
    expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 200 })
  })

  check('with another’s App ID and a secret of its own gets no client of the other', async (bench) => {
    const agora = await bench.emulator()
    const tenant: Tenant = {
      key,
      options: (customerSecret) => ({ ...optionsFor(agora), customerSecret }),
    }
    const site = await bench.open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
    expect(await site.fetch('/lobby', from(agora.credentials.customerSecret))).toMatchObject({ status: 200 })
    expect(await site.fetch('/lobby', from('guessed'))).toMatchObject({ status: 502 })
  })

  check('with a key that somebody made up is nobody’s, and never the default project', async (bench) => {
    const [first, second] = [await bench.emulator(), await bench.emulator()]
    const { tenant } = tenantsOf({ first })
    const options = { ...optionsFor(second), userId, tenant }
    const site = await bench.open({ mounts: [{ options }], routes: [lobby] })
    for (const name of ['__proto__', 'constructor', 'first,first', 'unknown', 'a'.repeat(2000)]) {
      const { status } = await site.fetch('/lobby', from(name))
      expect([400, 418]).toContain(status)
    }
    expect([sendersAt(first), sendersAt(second)]).toEqual([[], []])
  })

  check(
    'with incomplete credentials is a fault of the server: 500, and the developer is told which',
    async (bench) => {
      const agora = await bench.emulator()
      const tenant: Tenant = { key, options: () => ({ ...optionsFor(agora), customerSecret: '' }) }
      const site = await bench.open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
      const answer = await site.fetch('/lobby', from('first'))
      expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_CONFIG_MISSING' } })
      expect(JSON.stringify(answer.body)).not.toContain('customerSecret')
      expect(site.reports).toEqual([having({ message: matching(/customerSecret is missing/) })])
    },
  )

  const unknown = new Error('There is no such tenant.')
  const failing: [string, () => never | Promise<never>][] = [
    [
      'throws',
      () => {
        throw unknown
      },
    ],
    ['rejects', async () => Promise.reject(unknown)],
  ]
  for (const callback of ['key', 'options'] as const) {
    for (const [fails, fail] of failing) {
      check(
        `is a matter for the application’s error handler when ${callback} ${fails}`,
        async ({ emulator, open }) => {
          const agora = await emulator()
          const tenant: Tenant = { key, options: () => optionsFor(agora), [callback]: fail }
          const site = await open({ mounts: [{ options: { userId, tenant } }], routes: [lobby] })
          expect(await site.fetch('/lobby', from('first'))).toMatchObject({ status: 418 })
          expect(site.otherErrors).toEqual([unknown])
          expect(site.reports).toEqual([])
          expect(agora.requests()).toEqual([])
        },
      )
    }
  }
})
