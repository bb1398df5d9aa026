import { describe, expect, test, vi } from 'vitest'
import { verifyAccessToken2 } from '../access-token/verify.js'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { createTokenEndpoint } from './token-endpoint.js'
import type { TokenRouteOptions } from './token-endpoint.js'

useCleanEnvironment()

interface HostRequest {
  readonly user?: string | null | undefined
  readonly ttlSeconds?: number
}

const client = (): SignalingClient =>
  createSignalingClient({ appId, customerId, customerSecret, appCertificate })

function answerTo(
  hostRequest: HostRequest,
  options: TokenRouteOptions<HostRequest> = { userId: ({ user }) => user },
  { method = 'GET', client: attached = client() }: { method?: string; client?: SignalingClient } = {},
) {
  return createTokenEndpoint(options)({ method, hostRequest, client: attached })
}

describe('the token route', () => {
  test('gives the signed-in user a token, which nobody may cache', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { status, headers, body } = await answerTo({ user: 'alice' })
    expect(status).toBe(200)
    expect(headers).toEqual({ 'cache-control': 'no-store' })
    expect(Object.keys(body).toSorted()).toEqual(['appId', 'expiresAt', 'token', 'userId'])
    expect(body).toMatchObject({ userId: 'alice', appId })

    const token = String(body['token'])
    const require = { type: 2, privilege: 1, userId: 'alice' } as const
    const { ttlSeconds, expiresAtSeconds } = verifyAccessToken2(token, { appId, appCertificate, require })
    expect(ttlSeconds).toBe(3600)
    expect(expiresAtSeconds).toBeGreaterThanOrEqual(before + 3600)
    expect(body['expiresAt']).toBe(new Date(expiresAtSeconds * 1000).toISOString())
  })

  test.each([undefined, null, ''])('answers 401 to a request whose user is %j', async (user) => {
    expect(await answerTo({ user })).toEqual({
      status: 401,
      headers: { 'cache-control': 'no-store' },
      body: { code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: this request has no user.' },
    })
  })

  test('takes the user that the middleware found when it has no callback of its own', async () => {
    const { body } = await answerTo({}, {}, { client: client().as('bob') })
    expect(body).toMatchObject({ userId: 'bob' })
  })

  test('prefers its own callback', async () => {
    const { body } = await answerTo(
      { user: 'alice' },
      { userId: ({ user }) => user },
      { client: client().as('bob') },
    )
    expect(body).toMatchObject({ userId: 'alice' })
    const { status } = await answerTo({}, { userId: () => undefined }, { client: client().as('bob') })
    expect(status).toBe(401)
  })

  test('never hands out a token for the back end’s own user, or for nobody', async () => {
    const service = createSignalingClient({ appId, appCertificate, userId: 'server' })
    expect((await answerTo({}, {}, { client: service })).status).toBe(401)
    expect((await answerTo({}, {}, { client: client().forRequest('') })).status).toBe(401)
  })

  test('tells the client’s logger once that nobody finds users', async () => {
    const warn = vi.fn<(message: string) => void>()
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} }
    const service = createSignalingClient({ appId, appCertificate, userId: 'server', logger })
    const endpoint = createTokenEndpoint<HostRequest>({})
    for (let request = 0; request < 3; request++) {
      expect(await endpoint({ method: 'GET', hostRequest: {}, client: service })).toMatchObject({
        status: 401,
      })
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      expect.stringMatching(/tokenRoute\(\) answers 401 to every caller.*userId/),
    ])
  })

  test('says nothing of a request whose user did not sign in', async () => {
    const warn = vi.fn<(message: string) => void>()
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} }
    const attached = createSignalingClient({ appId, appCertificate, userId: 'server', logger }).forRequest('')
    expect((await answerTo({}, {}, { client: attached })).status).toBe(401)
    expect((await answerTo({}, { userId: () => undefined }, { client: attached })).status).toBe(401)
    expect(warn).not.toHaveBeenCalled()
  })

  test('waits for callbacks that answer later', async () => {
    const options = {
      userId: async () => 'alice',
      ttlSeconds: async ({ ttlSeconds }: HostRequest) => ttlSeconds ?? 1,
    }
    const { body } = await answerTo({ ttlSeconds: 60 }, options)
    expect(verifyAccessToken2(String(body['token']), { appId, appCertificate }).ttlSeconds).toBe(60)
  })

  test('hands on what a callback throws', async () => {
    const failure = new Error('The session store is down.')
    const options = {
      userId: () => {
        throw failure
      },
    }
    await expect(answerTo({}, options)).rejects.toBe(failure)
  })

  test('refuses a user ID that Signaling does not know, and a lifetime out of range', async () => {
    expect(await rejectionOf(answerTo({ user: 'a/b' }))).toMatchObject({ code: 'ERR_INVALID_USER_ID' })
    const options = { userId: () => 'alice', ttlSeconds: () => 86_401 }
    expect(await rejectionOf(answerTo({}, options))).toMatchObject({ code: 'ERR_INVALID_TTL' })
  })

  test('needs a client with a certificate', async () => {
    const attached = createSignalingClient({ appId, customerId, customerSecret })
    const error = await rejectionOf(answerTo({ user: 'alice' }, undefined, { client: attached }))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_MISSING' })
    expect(error.message).toContain('AGORA_APP_CERTIFICATE')
  })
})

function asMethod(method: string, options: TokenRouteOptions<HostRequest> = {}) {
  return answerTo({ user: 'alice' }, { userId: ({ user }) => user, ...options }, { method })
}

describe('methods', () => {
  test.each(['GET', 'POST', 'HEAD'])('%s is answered', async (method) => {
    expect((await asMethod(method)).status).toBe(200)
  })

  test.each(['PUT', 'DELETE', 'OPTIONS', 'get'])('%s gets 405 and the methods there are', async (method) => {
    expect(await asMethod(method)).toEqual({
      status: 405,
      headers: { allow: 'GET, HEAD, POST', 'cache-control': 'no-store' },
      body: { code: 'ERR_METHOD_NOT_ALLOWED', message: 'Use GET or HEAD or POST.' },
    })
  })

  test('can be fewer', async () => {
    expect((await asMethod('GET', { methods: ['POST'] })).headers).toMatchObject({ allow: 'POST' })
    expect((await asMethod('HEAD', { methods: ['POST'] })).status).toBe(405)
    expect((await asMethod('POST', { methods: ['POST'] })).status).toBe(200)
  })
})

const failing = (): Promise<never> => Promise.reject(undefined)

// To Express it would be success, and the request would go on without an answer.
test.each<[string, TokenRouteOptions<HostRequest>]>([
  ['userId', { userId: failing }],
  ['ttlSeconds', { userId: () => 'alice', ttlSeconds: failing }],
])('a %s callback that is rejected with nothing is an error that names it', async (option, options) => {
  const failure: unknown = await answerTo({}, options).catch((reason: unknown) => reason)
  expect(failure).toBeInstanceOf(Error)
  expect(String(failure)).toContain(`The ${option} callback failed`)
})

test.each([
  [{ ttlSeconds: 0 }, 'ttlSeconds'],
  [{ ttlSeconds: 86_401 }, 'ttlSeconds'],
  [{ ttlSeconds: 1.5 }, 'ttlSeconds'],
  [{ ttlSeconds: '3600' }, 'ttlSeconds'],
  [{ methods: [] }, 'methods'],
  [{ userId: 'alice' }, 'userId'],
  [{ userID: () => 'alice' }, 'Did you mean userId?'],
  [{ ttl: 60 }, 'Did you mean ttlSeconds?'],
  [{ methods: ['PUT'] }, 'methods'],
  [{ methods: 'GET' }, 'methods'],
])('%j is refused at start-up', (options, name) => {
  const error = thrownBy(() => Reflect.apply(createTokenEndpoint, undefined, [options]))
  expect(error).toMatchObject({ code: name === 'ttlSeconds' ? 'ERR_INVALID_TTL' : 'ERR_CONFIG_INVALID' })
  expect(error.message).toContain(name)
})
