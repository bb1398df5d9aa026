import { verifyAccessToken2 } from '@agora-signaling/core'
import type { TokenRouteOptions } from '@agora-signaling/core/adapter'
import type { Emulator } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import type { Answer, Bench, Site } from '../bench.js'
import { section } from '../check.js'
import type { Section } from '../check.js'
import type { Caller, Mount } from '../rig.js'
import { having, matching, optionsFor, sessionUser } from './lobby.js'

const path = '/agora/token'
const asAlice = { headers: { 'x-session': 'alice' } }

const ignore = (): void => {}

async function openWith(
  { emulator, open }: Bench,
  options: TokenRouteOptions<Caller> = {},
  optionsWith?: (agora: Emulator) => Mount['options'],
): Promise<{ site: Site; agora: Emulator }> {
  const agora = await emulator()
  const mount = { options: optionsWith?.(agora) ?? { ...optionsFor(agora), userId: sessionUser } }
  return { agora, site: await open({ mounts: [mount], tokenRoute: { path, options } }) }
}

/** Seconds until the token of an answer ends, by the token itself; the token has to be good for the user. */
function lifetimeOf({ body }: Answer, { credentials }: Emulator, userId: string): number {
  const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : ''
  const { appId, appCertificate } = credentials
  const require = { type: 2, privilege: 1, userId } as const
  const verified = verifyAccessToken2(token, { appId, appCertificate, require })
  return verified.expiresAtSeconds - verified.issuedAtSeconds
}

export const tokenRoute: Section = section('tokenRoute()', (check) => {
  check('gives the signed-in user a token to log in with, which no cache keeps', async (bench) => {
    const { site, agora } = await openWith(bench)
    const answer = await site.fetch(path, asAlice)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      token: matching(/^007/),
      userId: 'alice',
      appId: agora.credentials.appId,
      expiresAt: matching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
    expect(lifetimeOf(answer, agora, 'alice')).toBe(3600)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })

  check('answers 401 without a user, which no cache keeps either', async (bench) => {
    const { site } = await openWith(bench)
    const { status, headers, body } = await site.fetch(path)
    expect({ status, body }).toEqual({
      status: 401,
      body: { code: 'ERR_IDENTITY_MISSING', message: matching(/./) },
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  check('says so, and gives a token to nobody, when nothing says who the user is', async (bench) => {
    const told: string[] = []
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (message: string) => void told.push(message),
    }
    bench.setEnvironment({ AGORA_LOG_LEVEL: 'warn' })
    let refused: unknown
    const opened = await openWith(bench, {}, (agora) => ({
      ...optionsFor(agora),
      userId: 'server',
      logger,
    })).catch((error: unknown) => {
      refused = error
      return undefined
    })
    // Where the adapter knows both at start-up, it does not start. Elsewhere the developer is told once.
    if (opened === undefined) {
      expect(refused).toMatchObject({ code: 'ERR_CONFIG_MISSING', message: matching(/userId/) })
      return
    }
    const { site } = opened
    for (let request = 0; request < 3; request++) {
      expect(await site.fetch(`${path}?userId=alice`, asAlice)).toMatchObject({ status: 401 })
    }
    expect(told).toEqual([matching(/tokenRoute.*401 to every caller.*userId/)])
  })

  check('takes no user ID from the request itself', async (bench) => {
    const { site, agora } = await openWith(bench)
    const answer = await site.fetch(`${path}?userId=mallory&uid=mallory`, {
      method: 'POST',
      headers: { ...asAlice.headers, 'content-type': 'application/json', 'x-agora-uid': 'mallory' },
      body: JSON.stringify({ userId: 'mallory', uid: 'mallory' }),
    })
    expect(answer).toMatchObject({ status: 200, body: { userId: 'alice' } })
    expect(lifetimeOf(answer, agora, 'alice')).toBe(3600)
  })

  check('takes its own callback before that of agoraSignaling()', async (bench) => {
    const { site, agora } = await openWith(bench, { userId: async () => Promise.resolve('guest-7') })
    const answer = await site.fetch(path, asAlice)
    expect(answer).toMatchObject({ status: 200, body: { userId: 'guest-7' } })
    expect(lifetimeOf(answer, agora, 'guest-7')).toBe(3600)
  })

  check('makes tokens of the tenant’s project', async (bench) => {
    const appId = 'fedcba9876543210fedcba9876543210'
    const { site } = await openWith(bench, {}, (agora) => ({
      userId: sessionUser,
      tenant: { key: () => 'theirs', options: () => ({ ...optionsFor(agora), appId }) },
    }))
    expect(await site.fetch(path, asAlice)).toMatchObject({ status: 200, body: { appId } })
  })

  const lifetimes: [string, TokenRouteOptions<Caller>['ttlSeconds']][] = [
    ['a number', 60],
    ['a function of the request', (caller) => Number(caller.header('x-ttl'))],
    ['a function that takes its time', async (caller) => Promise.resolve(Number(caller.header('x-ttl')))],
  ]
  for (const [kind, ttlSeconds] of lifetimes) {
    check(`lets ttlSeconds be ${kind}`, async (bench) => {
      const { site, agora } = await openWith(bench, { ttlSeconds })
      const answer = await site.fetch(path, { headers: { ...asAlice.headers, 'x-ttl': '60' } })
      expect(lifetimeOf(answer, agora, 'alice')).toBe(60)
    })
  }

  check('gives no token for more than a day: a number stops the start', async (bench) => {
    await expect(openWith(bench, { ttlSeconds: 86_401 })).rejects.toThrow(/ttlSeconds.*86,400/)
  })

  check('gives no token for more than a day: a function is a fault of the server, 500', async (bench) => {
    const { site } = await openWith(bench, { ttlSeconds: () => 86_401 })
    expect(await site.fetch(path, asAlice)).toMatchObject({ status: 500, body: { code: 'ERR_INVALID_TTL' } })
    expect(site.reports).toEqual([having({ code: 'ERR_INVALID_TTL' })])
  })

  check(
    'without an app certificate is a fault of the server: 500, and the developer is told',
    async (bench) => {
      const { site } = await openWith(bench, {}, (agora) => {
        const { appId, customerId, customerSecret } = agora.credentials
        return { appId, customerId, customerSecret, userId: sessionUser }
      })
      const answer = await site.fetch(path, asAlice)
      expect(answer).toMatchObject({ status: 500, body: { code: 'ERR_CONFIG_MISSING' } })
      expect(site.reports).toEqual([having({ message: matching(/AGORA_APP_CERTIFICATE/) })])
    },
  )

  check('hands a failing callback to the application’s error handler', async (bench) => {
    const down = new Error('The session store is down.')
    const { site } = await openWith(bench, { userId: async () => Promise.reject(down) })
    expect(await site.fetch(path, asAlice)).toMatchObject({ status: 418 })
    expect(site.otherErrors).toEqual([down])
  })

  check('is for GET, HEAD and POST', async (bench) => {
    const { site } = await openWith(bench)
    const alice = { status: 200, body: { userId: 'alice' } }
    expect(await site.fetch(path, { ...asAlice, method: 'GET' })).toMatchObject(alice)
    expect(await site.fetch(path, { ...asAlice, method: 'POST' })).toMatchObject(alice)
    const { status, headers, body } = await site.fetch(path, { ...asAlice, method: 'HEAD' })
    expect([status, headers.get('cache-control'), body]).toEqual([200, 'no-store', ''])
  })

  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    check(`answers 405 with Allow to ${method}`, async (bench) => {
      const { site } = await openWith(bench)
      const answer = await site.fetch(path, { ...asAlice, method })
      expect(answer).toMatchObject({ status: 405, body: { code: 'ERR_METHOD_NOT_ALLOWED' } })
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
    })
  }

  check('answers 405 to a method that its options leave out', async (bench) => {
    const { site } = await openWith(bench, { methods: ['POST'] })
    const answer = await site.fetch(path, asAlice)
    expect(answer).toMatchObject({ status: 405 })
    expect(answer.headers.get('allow')).toBe('POST')
  })

  check('without agoraSignaling() before it, tells the developer what to add', async ({ open }) => {
    const site = await open({ tokenRoute: { path, options: {} } })
    expect((await site.fetch(path, asAlice)).status).toBeGreaterThanOrEqual(418)
    expect([...site.reports, ...site.otherErrors]).toEqual([having({ code: 'ERR_NOT_REGISTERED' })])
  })
})
