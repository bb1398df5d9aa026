import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { SignalingClientOptions } from '../client/options.js'
import {
  appCertificate,
  appId,
  basicHeader,
  customerId,
  customerSecret,
  otherAppId,
} from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { createClientContext, requireAttached } from './context.js'
import type { AgoraSignalingOptions } from './context.js'

useCleanEnvironment()

interface HostRequest {
  readonly user?: string | null | undefined
  readonly tenant?: string | undefined
}

const customer = { customerId, customerSecret }
const account = { appId, ...customer }

function contextOf(options: AgoraSignalingOptions<HostRequest>) {
  const context = createClientContext<HostRequest>(options)
  onTestFinished(() => context.close())
  return context
}

describe('without callbacks', () => {
  test('every request gets the one client, at once', () => {
    const context = contextOf(account)
    const client = context.clientFor({})
    expect(client).not.toBeInstanceOf(Promise)
    expect(context.clientFor({ user: 'alice' })).toBe(client)
  })

  test('everything comes from the environment, and mistakes are thrown at start-up', () => {
    expect(thrownBy(() => createClientContext({})).code).toBe('ERR_CONFIG_MISSING')
    vi.stubEnv('AGORA_APP_ID', appId)
    vi.stubEnv('AGORA_CUSTOMER_ID', customerId)
    vi.stubEnv('AGORA_CUSTOMER_SECRET', customerSecret)
    expect(contextOf({}).clientFor({})).toMatchObject({ appId })
  })

  test('a text as userId is the user of the back end itself, not of the requests', async () => {
    const client = await contextOf({ appId, appCertificate, userId: 'server' }).clientFor({})
    expect(client.userId).toBe('server')
    expect(client.requestUserId).toBeUndefined()
  })
})

describe('a userId callback', () => {
  test('finds the user that the client of a request acts for', async () => {
    const context = contextOf({ ...account, userId: ({ user }: HostRequest) => user })
    const [alice, bob] = [context.clientFor({ user: 'alice' }), context.clientFor({ user: 'bob' })]
    expect(alice).toMatchObject({ userId: 'alice', requestUserId: 'alice' })
    expect(bob).toMatchObject({ userId: 'bob', requestUserId: 'bob' })
    const error = await rejectionOf(
      (await alice).messages.sendToUser({ from: 'bob', to: 'carol', payload: 'x' }),
    )
    expect(error.code).toBe('ERR_SENDER_MISMATCH')
  })

  test.each([undefined, null, ''])(
    'that gives %j leaves the request without anyone to act for',
    async (user) => {
      vi.stubEnv('AGORA_USER_ID', 'server')
      const context = contextOf({ ...account, userId: () => user })
      const client = await context.clientFor({})
      expect(client.userId).toBeUndefined()
      const error = await rejectionOf(client.messages.sendToChannel({ channel: 'lobby', payload: 'x' }))
      expect(error.code).toBe('ERR_IDENTITY_MISSING')
    },
  )

  test('may answer later', async () => {
    const context = contextOf({ ...account, userId: async ({ user }: HostRequest) => user })
    const client = context.clientFor({ user: 'alice' })
    expect(client).toBeInstanceOf(Promise)
    expect((await client).userId).toBe('alice')
  })

  test('that throws fails the request with what it threw, now or later', async () => {
    const failure = new Error('The session store is down.')
    const throwing = contextOf({
      ...account,
      userId: () => {
        throw failure
      },
    })
    expect(() => throwing.clientFor({})).toThrow(failure)
    const rejecting = contextOf({ ...account, userId: () => Promise.reject(failure) })
    await expect(rejecting.clientFor({})).rejects.toBe(failure)
  })

  test('that gives no user ID of Signaling fails the request', () => {
    const context = contextOf({ ...account, userId: () => 'a/b' })
    expect(thrownBy(() => context.clientFor({})).code).toBe('ERR_INVALID_USER_ID')
  })
})

describe('a tenant callback', () => {
  test('finds the project of a request; its client is made once, also from options built anew', async () => {
    const tenant = vi.fn<(request: HostRequest) => SignalingClientOptions>(({ tenant: name }) => ({
      ...account,
      appId: name ?? appId,
    }))
    const context = contextOf({ tenant })
    const first = context.clientFor({})
    expect(first).toMatchObject({ appId })
    expect(context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
    expect(context.clientFor({})).toBe(first)
    expect(context.clientFor({ tenant: otherAppId })).not.toBe(first)
    expect(tenant).toHaveBeenCalledTimes(4)
  })

  test('never shares a client between two secrets of one App ID', async () => {
    const agora = mockAgora()
    for (let index = 0; index < 2; index++) agora.answers({ body: { projects: [] } })
    const { dispatcher } = agora
    const context = contextOf({
      tenant: ({ tenant }) => ({ ...account, dispatcher, customerSecret: tenant ?? customerSecret }),
    })
    await (await context.clientFor({})).projects.list()
    await (await context.clientFor({ tenant: 'another-secret' })).projects.list()
    const [own, other] = agora.requests.map(({ headers }) => headers['authorization'])
    expect(own).toBe(basicHeader)
    expect(other).not.toBe(basicHeader)
  })

  test('is combined with the user of the request', async () => {
    const context = contextOf({
      tenant: async ({ tenant }) => ({ ...account, appId: tenant ?? appId }),
      userId: ({ user }: HostRequest) => user,
    })
    const client = await context.clientFor({ tenant: otherAppId, user: 'alice' })
    expect(client).toMatchObject({ appId: otherAppId, userId: 'alice' })
    expect(await context.clientFor({ user: undefined })).toMatchObject({ appId, userId: undefined })
  })

  test('that is rejected with nothing is an error that names it', async () => {
    const context = contextOf({ ...account, tenant: () => Promise.reject(undefined) })
    const failure: unknown = await Promise.resolve(context.clientFor({})).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toContain('The tenant callback failed')
  })

  test('that gives nothing means the default project', () => {
    const context = contextOf({ ...account, tenant: () => undefined })
    expect(context.clientFor({})).toMatchObject({ appId })
    expect(context.clientFor({})).toBe(context.clientFor({}))
  })

  test('makes the default client only when a request needs it', () => {
    const context = contextOf({
      tenant: ({ tenant }) => (tenant === undefined ? undefined : { ...account, appId: tenant }),
    })
    expect(context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
    expect(thrownBy(() => context.clientFor({})).code).toBe('ERR_CONFIG_MISSING')
  })

  test('that throws fails the request with what it threw, now or later', async () => {
    const failure = new Error('The tenant is unknown.')
    const throwing = contextOf({
      tenant: () => {
        throw failure
      },
    })
    expect(() => throwing.clientFor({})).toThrow(failure)
    const rejecting = contextOf({ tenant: () => Promise.reject(failure) })
    await expect(rejecting.clientFor({})).rejects.toBe(failure)
  })

  test('that gives bad options fails the request, and the next one too', () => {
    const context = contextOf({ tenant: () => ({ ...account, appId: 'short' }) })
    expect(thrownBy(() => context.clientFor({})).code).toBe('ERR_INVALID_APP_ID')
    expect(thrownBy(() => context.clientFor({})).code).toBe('ERR_INVALID_APP_ID')
  })

  test('keeps the clients of the 10,000 tenants served last', { timeout: 30_000 }, () => {
    const context = contextOf({ tenant: ({ tenant }) => ({ ...account, appId: tenant ?? '' }) })
    const clientOf = (index: number): unknown =>
      context.clientFor({ tenant: index.toString(16).padStart(32, '0') })
    const [first, second] = [clientOf(0), clientOf(1)]
    for (let index = 2; index < 10_000; index++) clientOf(index)
    expect(clientOf(0)).toBe(first)
    clientOf(10_000)
    expect(clientOf(0)).toBe(first)
    expect(clientOf(1)).not.toBe(second)
  })

  test('shares the connections of all tenants, and close() closes them', async () => {
    const server = await startServer((_, response) => response.end('{"projects":[]}'))
    const context = contextOf({
      tenant: ({ tenant }) => ({ ...account, baseUrl: server.url, appId: tenant ?? appId }),
    })
    await (await context.clientFor({})).projects.list()
    // The first connection is only free again in the next turn.
    await new Promise(setImmediate)
    await (await context.clientFor({ tenant: otherAppId })).projects.list()
    expect(server.sockets).toHaveLength(1)
    await context.close()
    const closed = await context.clientFor({})
    expect((await rejectionOf(closed.projects.list())).code).toBe('ERR_CLIENT_CLOSED')
  })
})

function ownClient(): SignalingClient {
  const { dispatcher } = mockAgora()
  return createSignalingClient({ ...account, dispatcher })
}

describe('a client of the application’s own', () => {
  test('is attached as it is, and stays open', async () => {
    const server = await startServer((_, response) => response.end('{"projects":[]}'))
    const client = createSignalingClient({ ...account, baseUrl: server.url })
    onTestFinished(() => client.close())
    const context = contextOf({ client })
    expect(context.clientFor({})).toBe(client)
    await context.close()
    await expect(client.projects.list()).resolves.toEqual([])
  })

  test('acts for the user of each request', () => {
    const context = contextOf({ client: ownClient(), userId: ({ user }: HostRequest) => user })
    expect(context.clientFor({ user: 'alice' })).toMatchObject({ userId: 'alice' })
  })

  test('is the default beside tenants', () => {
    const client = ownClient()
    const context = contextOf({
      client,
      tenant: ({ tenant }) => (tenant === undefined ? undefined : { ...account, appId: tenant }),
    })
    expect(context.clientFor({})).toBe(client)
    expect(context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
  })

  test.each(['appId', 'customerId', 'timeoutMs', 'userId'])(
    'beside %s is refused: the option would have no effect',
    (name) => {
      const options = Object.assign({ client: ownClient() }, { [name]: 'canary' })
      const error = thrownBy(() => createClientContext(options))
      expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_CONFLICT' })
      expect(error.message).toContain(`Both client and ${name} are given`)
      expect(error.message).not.toContain('canary')
    },
  )
})

describe('close()', () => {
  test('closes the client that the context made', async () => {
    const context = contextOf(account)
    const client = await context.clientFor({})
    await context.close()
    expect((await rejectionOf(client.projects.list())).code).toBe('ERR_CLIENT_CLOSED')
  })
})

describe('requireAttached', () => {
  test('gives the client that was attached', async () => {
    const client = await contextOf(account).clientFor({})
    expect(requireAttached(client, 'app.use(agoraSignaling())')).toBe(client)
  })

  test.each([undefined, null, {}, { messages: {} }, 'agora'])(
    'refuses %j, with the line to add',
    (attached) => {
      const error = thrownBy(() => requireAttached(attached, 'app.use(agoraSignaling())'))
      expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_NOT_REGISTERED' })
      expect(error.message).toContain('\n  app.use(agoraSignaling())\n')
    },
  )
})
