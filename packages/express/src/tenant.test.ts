import type { Request } from 'express'
import { describe, expect, test, vi } from 'vitest'
import type { SignalingClientOptions, TenantOptions } from './index.js'
import { openLobby, optionsFor, useAgora, useEmulator } from './lobby.test.support.js'
import { expressVersions, route, serve } from './site.test.support.js'

// What is the same in every framework is checked by packages/conformance.

const first = useEmulator()
const second = useEmulator()

/** Makes its options anew each time, as a look-up in a database does. */
const tenant: TenantOptions<Request> = {
  key: (req) => req.get('x-tenant'),
  options: async (key) => Promise.resolve(optionsFor(key === 'first' ? first() : second())),
}

function as(name: string): RequestInit {
  return { method: 'POST', headers: { 'x-tenant': name } }
}

const userId = (): string => 'alice'

describe.each(expressVersions)('the tenant of a request in $version', ({ express }) => {
  test('decides which project a message goes to', async () => {
    const { site } = await openLobby(express, { userId, tenant })
    const answers = await Promise.all(
      ['first', 'second', 'second'].map((name) => site.get('/lobby', as(name))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect([first().messages().length, second().messages().length]).toEqual([1, 2])
  })

  test('has one client, however many requests it makes: a user’s token is made once', async () => {
    const tokens: unknown[] = []
    const upstream = await serve((req, res) => {
      tokens.push(req.headers.authorization)
      res.end('{"result":"success","request_id":"1","code":"message_sent"}')
    })
    const options = (key: string): SignalingClientOptions => {
      const { appId, appCertificate } = (key === 'first' ? first : second)().credentials
      return { appId, appCertificate, baseUrl: upstream.url, userId: 'server' }
    }
    const { site } = await openLobby(express, { userId, tenant: { ...tenant, options } })
    for (const name of ['first', 'second', 'first', 'second']) {
      expect(await site.get('/lobby', as(name))).toMatchObject({ status: 200 })
    }
    const [ofFirst, ofSecond] = tokens
    expect(tokens).toEqual([ofFirst, ofSecond, ofFirst, ofSecond])
    expect(new Set(tokens).size).toBe(2)
  })

  test('is loaded anew once it was forgotten', async () => {
    const options = vi.fn<TenantOptions<Request>['options']>(tenant.options)
    const agora = useAgora({ userId, tenant: { ...tenant, options } })
    const app = express().use(agora)
    app.post(
      '/lobby',
      route(async (req, res) => {
        res.json(await req.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }))
      }),
    )
    const site = await serve(app)
    for (let request = 0; request < 3; request++) await site.get('/lobby', as('first'))
    expect(options.mock.calls).toEqual([['first']])
    agora.forgetTenant('first')
    expect(await site.get('/lobby', as('first'))).toMatchObject({ status: 200 })
    expect(options.mock.calls).toEqual([['first'], ['first']])
  })
})
