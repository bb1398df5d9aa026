import type { Request } from 'express'
import { describe, expect, test } from 'vitest'
import type { AgoraSignalingOptions, SignalingClientOptions } from './index.js'
import { openLobby, optionsFor, useEmulator } from './lobby.test.support.js'
import { expressVersions, matching, serve } from './site.test.support.js'

type Tenant = AgoraSignalingOptions<Request>['tenant']

const first = useEmulator()
const second = useEmulator()

/** Makes its options anew for each request, as a look-up in a database does. */
function tenantOf(req: Request): SignalingClientOptions | undefined {
  const name = req.get('x-tenant')
  if (name === 'first') return optionsFor(first())
  return name === 'second' ? optionsFor(second()) : undefined
}

function as(tenant: string): RequestInit {
  return { method: 'POST', headers: { 'x-tenant': tenant } }
}

function withSecret(secret: string): RequestInit {
  return { method: 'POST', headers: { 'x-secret': secret } }
}

const userId = (): string => 'alice'

describe.each(expressVersions)('the tenant of a request in $version', ({ express }) => {
  test.each<[string, Tenant]>([
    ['at once', tenantOf],
    ['after a while', async (req) => Promise.resolve(tenantOf(req))],
  ])('decides which project a message goes to, found %s', async (_, tenant) => {
    const { site } = await openLobby(express, { userId, tenant })
    const answers = await Promise.all(
      ['first', 'second', 'second'].map((name) => site.get('/lobby', as(name))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect([first().messages().length, second().messages().length]).toEqual([1, 2])
  })

  test('is the default project when the callback names none', async () => {
    const { site } = await openLobby(express, { ...optionsFor(second()), userId, tenant: tenantOf })
    expect(await site.get('/lobby', as('unknown'))).toMatchObject({ status: 200 })
    expect(second().messages()).toMatchObject([{ from: 'alice', channel: 'lobby' }])
  })

  test('has one client, however many requests it makes: a user’s token is made once', async () => {
    const tokens: unknown[] = []
    const upstream = await serve((req, res) => {
      tokens.push(req.headers.authorization)
      res.end('{"result":"success","request_id":"1","code":"message_sent"}')
    })
    const { site } = await openLobby(express, {
      userId,
      tenant: (req) => {
        const { appId, appCertificate } = (req.get('x-tenant') === 'first' ? first : second)().credentials
        return { appId, appCertificate, baseUrl: upstream.url, userId: 'server' }
      },
    })
    for (const name of ['first', 'second', 'first', 'second']) {
      expect(await site.get('/lobby', as(name))).toMatchObject({ status: 200 })
    }
    const [ofFirst, ofSecond] = tokens
    expect(tokens).toEqual([ofFirst, ofSecond, ofFirst, ofSecond])
    expect(new Set(tokens).size).toBe(2)
  })

  test('with another’s App ID and a secret of its own does not get the other’s client', async () => {
    const { site } = await openLobby(express, {
      userId,
      tenant: (req) => ({ ...optionsFor(first()), customerSecret: req.get('x-secret') ?? '' }),
    })
    expect(await site.get('/lobby', withSecret(first().credentials.customerSecret))).toMatchObject({
      status: 200,
    })
    expect(await site.get('/lobby', withSecret('guessed'))).toMatchObject({ status: 502 })
  })

  const unknown = new Error('There is no such tenant.')
  test.each<[string, Tenant]>([
    [
      'throws',
      () => {
        throw unknown
      },
    ],
    ['rejects', async () => Promise.reject(unknown)],
  ])('is a matter for the application’s error handler when the callback %s', async (_, tenant) => {
    const { site, errors } = await openLobby(express, { userId, tenant })
    expect(await site.get('/lobby', as('first'))).toMatchObject({ status: 418 })
    expect(errors).toEqual([unknown])
  })

  test('with incomplete credentials is a fault of the set-up: 500, and the developer is told which', async () => {
    const { site, errors } = await openLobby(express, {
      userId,
      tenant: () => ({ ...optionsFor(first()), customerSecret: '' }),
    })
    const answer = await site.get('/lobby', as('first'))
    expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_CONFIG_MISSING' } })
    expect(JSON.stringify(answer.body)).not.toContain('customerSecret')
    expect(errors).toEqual([expect.objectContaining({ message: matching(/customerSecret is missing/) })])
  })
})
