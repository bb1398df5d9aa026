import { verifyAccessToken2 } from '@agora-signaling/core'
import type { Request } from 'express'
import { describe, expect, test } from 'vitest'
import { agoraErrorHandler, tokenRoute } from './index.js'
import type { AgoraSignalingOptions, TokenRouteOptions } from './index.js'
import { answerWithTeapot, optionsFor, useAgora, useEmulator } from './lobby.test.support.js'
import { expressVersions, matching, serve } from './site.test.support.js'
import type { Answer, Site } from './site.test.support.js'

const emulator = useEmulator()
const rtmLogin = { type: 2, privilege: 1 } as const
const asAlice = { headers: { 'x-session': 'alice' } }
const sessionUser = (req: Request): string | undefined => req.get('x-session')

/** Seconds until the token of an answer ends, by the token itself; the token has to be good for the user. */
function lifetimeOf({ body }: Answer, userId = 'alice'): number {
  const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : ''
  const { appId, appCertificate } = emulator().credentials
  const verified = verifyAccessToken2(token, { appId, appCertificate, require: { ...rtmLogin, userId } })
  return verified.expiresAtSeconds - verified.issuedAtSeconds
}

describe.each(expressVersions)('tokenRoute() in $version', ({ express }) => {
  async function open(
    route: TokenRouteOptions<Request> = {},
    options: AgoraSignalingOptions<Request> = { ...optionsFor(emulator()), userId: sessionUser },
  ): Promise<{ site: Site; errors: unknown[] }> {
    const errors: unknown[] = []
    const app = express()
    app.use(useAgora(options))
    app.use('/token', tokenRoute(route))
    app.use(agoraErrorHandler({ onError: (error) => errors.push(error) }))
    app.use(answerWithTeapot(errors))
    return { site: await serve(app), errors }
  }

  test('gives the signed-in user a token to log in to Signaling with', async () => {
    const { site } = await open()
    const answer = await site.get('/token', asAlice)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({
      token: matching(/^007/),
      userId: 'alice',
      appId: emulator().credentials.appId,
      expiresAt: matching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
    expect(lifetimeOf(answer)).toBe(3600)
  })

  test.each([
    ['a token', asAlice],
    ['a refusal', {}],
  ])('is JSON that no cache keeps: %s', async (_, init) => {
    const { site } = await open()
    const { headers } = await site.get('/token', init)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('answers 401 without a user', async () => {
    const { site } = await open()
    expect(await site.get('/token')).toMatchObject({ status: 401, body: { code: 'ERR_IDENTITY_MISSING' } })
  })

  test('answers 401 to everybody when nothing says who the user is', async () => {
    const { site } = await open({}, { ...optionsFor(emulator()), userId: 'server' })
    expect(await site.get('/token?userId=alice', asAlice)).toMatchObject({ status: 401 })
  })

  test('takes no user ID from the request itself', async () => {
    const { site } = await open()
    const claims = JSON.stringify({ userId: 'mallory', uid: 'mallory' })
    const answer = await site.get('/token?userId=mallory&uid=mallory', {
      method: 'POST',
      headers: { ...asAlice.headers, 'content-type': 'application/json', 'x-agora-uid': 'mallory' },
      body: claims,
    })
    expect(answer).toMatchObject({ status: 200, body: { userId: 'alice' } })
    expect(lifetimeOf(answer, 'alice')).toBe(3600)
  })

  test('takes its own callback before that of the middleware', async () => {
    const { site } = await open({ userId: async () => Promise.resolve('guest-7') })
    const answer = await site.get('/token', asAlice)
    expect(answer).toMatchObject({ body: { userId: 'guest-7' } })
    expect(lifetimeOf(answer, 'guest-7')).toBe(3600)
  })

  test('makes tokens of the tenant’s project', async () => {
    const appId = 'fedcba9876543210fedcba9876543210'
    const { site } = await open(
      {},
      {
        userId: sessionUser,
        tenant: { key: () => 'theirs', options: () => ({ ...optionsFor(emulator()), appId }) },
      },
    )
    expect(await site.get('/token', asAlice)).toMatchObject({ status: 200, body: { appId } })
  })

  test.each<[string, TokenRouteOptions<Request>['ttlSeconds']]>([
    ['a number', 60],
    ['a function of the request', (req) => Number(req.get('x-ttl'))],
    ['a function that takes its time', async (req) => Promise.resolve(Number(req.get('x-ttl')))],
  ])('ttlSeconds may be %s', async (_, ttlSeconds) => {
    const { site } = await open({ ttlSeconds })
    expect(lifetimeOf(await site.get('/token', { headers: { ...asAlice.headers, 'x-ttl': '60' } }))).toBe(60)
  })

  test.each([0, -1, 1.5, 86_401, Number.NaN])('ttlSeconds %d stops the start', (ttlSeconds) => {
    expect(() => tokenRoute({ ttlSeconds })).toThrow(
      /ttlSeconds of tokenRoute\(\) must be a whole number of seconds, from 1 to 86,400/,
    )
  })

  test('a function that finds a wrong ttlSeconds is a fault of the set-up: 500, and the developer is told', async () => {
    const { site, errors } = await open({ ttlSeconds: () => 90_000 })
    expect(await site.get('/token', asAlice)).toMatchObject({
      status: 500,
      body: { code: 'ERR_INVALID_TTL' },
    })
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_INVALID_TTL' })])
  })

  test('without an app certificate is a fault of the set-up: 500, and the developer is told', async () => {
    const { appId, customerId, customerSecret } = emulator().credentials
    const { site, errors } = await open({}, { appId, customerId, customerSecret, userId: sessionUser })
    expect(await site.get('/token', asAlice)).toMatchObject({
      status: 500,
      body: { code: 'ERR_CONFIG_MISSING' },
    })
    expect(errors).toEqual([expect.objectContaining({ message: matching(/AGORA_APP_CERTIFICATE/) })])
  })

  const down = new Error('The session store is down.')
  test.each<[string, TokenRouteOptions<Request>]>([
    ['userId', { userId: async () => Promise.reject(down) }],
    ['ttlSeconds', { ttlSeconds: async () => Promise.reject(down) }],
  ])('a failing %s callback is a matter for the application’s error handler', async (_, options) => {
    const { site, errors } = await open(options)
    expect(await site.get('/token', asAlice)).toMatchObject({ status: 418 })
    expect(errors).toEqual([down])
  })

  test('is for GET, HEAD and POST', async () => {
    const { site } = await open()
    expect(await site.get('/token', { ...asAlice, method: 'POST' })).toMatchObject({ status: 200 })
    expect(await site.get('/token', { ...asAlice, method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  test.each(['PUT', 'PATCH', 'DELETE'])('answers 405 with Allow to %s', async (method) => {
    const { site } = await open()
    const answer = await site.get('/token', { ...asAlice, method })
    expect(answer).toMatchObject({ status: 405, body: { code: 'ERR_METHOD_NOT_ALLOWED' } })
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  test('methods narrows that down', async () => {
    const { site } = await open({ methods: ['POST'] })
    const answer = await site.get('/token', asAlice)
    expect(answer).toMatchObject({ status: 405 })
    expect(answer.headers.get('allow')).toBe('POST')
    expect(() => tokenRoute({ methods: [] })).toThrow(/methods must name GET, POST or both/)
  })

  test('without agoraSignaling() before it, says what to add', async () => {
    const errors: unknown[] = []
    const site = await serve(express().get('/token', tokenRoute()).use(answerWithTeapot(errors)))
    expect(await site.get('/token', asAlice)).toMatchObject({ status: 418 })
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_NOT_REGISTERED' })])
  })
})
