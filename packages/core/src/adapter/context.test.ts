import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { appCertificate, appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { createClientContext, requireAttached } from './context.js'
import type { AgoraSignalingOptions } from './context.js'
import type { TenantOptions } from './tenant-clients.js'

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

/** A project for each key, which is its App ID. */
const tenant: TenantOptions<HostRequest> = {
  key: ({ tenant: key }) => key,
  options: (key) => ({ ...account, appId: key }),
}

describe('tenant', () => {
  test('decides which client a request has, found at once or after a while', async () => {
    for (const key of [tenant.key, async (request: HostRequest) => tenant.key(request)]) {
      const context = contextOf({ ...account, tenant: { ...tenant, key } })
      expect(await context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
      expect(await context.clientFor({})).toMatchObject({ appId })
    }
  })

  test('is found without a turn when nothing has to be waited for', () => {
    expect(contextOf({ tenant }).clientFor({ tenant: otherAppId })).not.toBeInstanceOf(Promise)
  })

  test('is combined with the user of the request', async () => {
    const context = contextOf({
      tenant: { ...tenant, options: async (key) => ({ ...account, appId: key }) },
      userId: ({ user }: HostRequest) => user,
    })
    const client = await context.clientFor({ tenant: otherAppId, user: 'alice' })
    expect(client).toMatchObject({ appId: otherAppId, userId: 'alice' })
    expect(await context.clientFor({ tenant: otherAppId })).toMatchObject({ userId: undefined })
  })

  test.each(['key', 'options'] as const)(
    '%s that fails with nothing is an error that names it',
    async (name) => {
      const context = contextOf({
        ...account,
        tenant: { ...tenant, [name]: async () => Promise.reject(undefined) },
      })
      const failure: unknown = await Promise.resolve(context.clientFor({ tenant: otherAppId })).catch(
        (reason: unknown) => reason,
      )
      expect(failure).toBeInstanceOf(Error)
      expect(String(failure)).toContain(`The tenant.${name} callback failed`)
    },
  )

  test('makes the default client only when a request needs it, and once', () => {
    const context = contextOf({ tenant })
    expect(context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
    expect(thrownBy(() => context.clientFor({})).code).toBe('ERR_CONFIG_MISSING')
    const withDefault = contextOf({ ...account, tenant })
    expect(withDefault.clientFor({})).toBe(withDefault.clientFor({}))
  })

  test('can be forgotten', () => {
    const context = contextOf({ tenant })
    const client = context.clientFor({ tenant: otherAppId })
    expect(context.clientFor({ tenant: otherAppId })).toBe(client)
    context.forgetTenant(otherAppId)
    expect(context.clientFor({ tenant: otherAppId })).not.toBe(client)
    expect(() => contextOf(account).forgetTenant(otherAppId)).not.toThrow()
  })

  test('shares connections with the others, and close() closes them', async () => {
    const server = await startServer((_, response) => response.end('{"projects":[]}'))
    const context = contextOf({
      ...account,
      baseUrl: server.url,
      tenant: { ...tenant, options: (key) => ({ ...account, appId: key, baseUrl: server.url }) },
    })
    await (await context.clientFor({})).projects.list()
    // The first connection is only free again in the next turn.
    await new Promise(setImmediate)
    const other = await context.clientFor({ tenant: otherAppId })
    await other.projects.list()
    expect(server.sockets).toHaveLength(1)
    await context.close()
    expect((await rejectionOf(other.projects.list())).code).toBe('ERR_CLIENT_CLOSED')
    const own = await context.clientFor({})
    expect((await rejectionOf(own.projects.list())).code).toBe('ERR_CLIENT_CLOSED')
  })

  test('with a dispatcher of its own is closed with the others', async () => {
    const { dispatcher } = mockAgora()
    const context = contextOf({ tenant: { ...tenant, options: () => ({ ...account, dispatcher }) } })
    const client = await context.clientFor({ tenant: otherAppId })
    await context.close()
    expect((await rejectionOf(client.projects.list())).code).toBe('ERR_CLIENT_CLOSED')
  })
})

describe('options that are misspelt or of a wrong type stop the start', () => {
  test.each<[object, string]>([
    [{ userID: () => 'alice' }, 'Did you mean userId?'],
    [{ userid: () => 'alice' }, 'Did you mean userId?'],
    [{ user: () => 'alice' }, 'has no option "user"'],
    [{ userId: {} }, 'userId of agoraSignaling() must be'],
    [{ userId: null }, 'userId of agoraSignaling() must be'],
    [{ userId: 42 }, 'userId of agoraSignaling() must be'],
    [{ quotas: true }, 'quotas of agoraSignaling() must be'],
    [{ tenant: 'x' }, 'tenant of agoraSignaling() must be'],
    [{ tenant: () => account }, 'tenant of agoraSignaling() must be'],
    [{ tenant: { key: () => 'a', option: () => account } }, 'Did you mean tenant.options?'],
    [{ tenant: { key: 'a', options: () => account } }, 'tenant.key of agoraSignaling() must be'],
    [{ tenant: { key: () => 'a', options: account } }, 'tenant.options of agoraSignaling() must be'],
    [
      { tenant: { key: () => 'a', options: () => account, max: 0 } },
      'tenant.max of agoraSignaling() must be',
    ],
    [{ tenants: { key: () => 'a', options: () => account } }, 'Did you mean tenant?'],
    [{ logger: {} }, 'logger of agoraSignaling() must be'],
    [{ dispatcher: {} }, 'dispatcher of agoraSignaling() must be'],
    [{ client: {} }, 'client of agoraSignaling() must be'],
    [{ timeoutMS: 1000 }, 'Did you mean timeoutMs?'],
  ])('%o', (options, message) => {
    const error = thrownBy(() => createClientContext({ ...account, ...options }))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain(message)
  })

  test.each(['key', 'options'])('a tenant without %s', (name) => {
    const error = thrownBy(() =>
      createClientContext({ ...account, tenant: { ...tenant, [name]: undefined } }),
    )
    expect(error).toMatchObject({ code: 'ERR_CONFIG_MISSING' })
    expect(error.message).toContain(`tenant.${name}`)
  })

  test.each([null, 'alice', [], 42])('%j in place of an object of options', (options) => {
    const error = thrownBy(() => Reflect.apply(createClientContext, undefined, [options]))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
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
    const context = contextOf({ client, tenant })
    expect(context.clientFor({})).toBe(client)
    expect(context.clientFor({ tenant: otherAppId })).toMatchObject({ appId: otherAppId })
  })

  test.each<[string, unknown]>([
    ['appId', 'canary'],
    ['customerId', 'canary'],
    ['timeoutMs', 1000],
    ['userId', 'canary'],
  ])('beside %s is refused: the option would have no effect', (name, value) => {
    const options = Object.assign({ client: ownClient() }, { [name]: value })
    const error = thrownBy(() => createClientContext(options))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_CONFLICT' })
    expect(error.message).toContain(`Both client and ${name} are given`)
    expect(error.message).not.toContain('canary')
  })
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
