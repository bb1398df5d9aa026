import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { SignalingClientOptions } from '../client/options.js'
import { Connections } from '../wire/connections.js'
import { appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { TenantClients } from './tenant-clients.js'

useCleanEnvironment()

type Load = (key: string) => SignalingClientOptions | Promise<SignalingClientOptions>

const account = { appId, customerId, customerSecret }

function tenantsOf(options: Load, max?: number): TenantClients {
  const connections = new Connections()
  const tenants = new TenantClients('agoraSignaling()', { key: () => 'a', options, max }, connections)
  onTestFinished(async () => {
    await Promise.all([tenants.close(), connections.close()])
  })
  return tenants
}

/** A load that answers when it is told to. */
function slowLoad() {
  const answers: ((options: SignalingClientOptions) => void)[] = []
  const load = vi.fn<Load>(() => new Promise((resolve) => answers.push(resolve)))
  return { load, answers }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the options of a tenant are loaded', () => {
  test('once for each key, and its client is found at once from then on', () => {
    const load = vi.fn<Load>((key) => ({ ...account, appId: key === 'other' ? otherAppId : appId }))
    const tenants = tenantsOf(load)
    const client = tenants.clientOf('one')
    expect(client).toMatchObject({ appId })
    expect(tenants.clientOf('other')).toMatchObject({ appId: otherAppId })
    expect(tenants.clientOf('one')).toBe(client)
    expect(load.mock.calls).toEqual([['one'], ['other']])
  })

  test('once for all requests that wait for them', async () => {
    const { load, answers } = slowLoad()
    const tenants = tenantsOf(load)
    const waiting = Array.from({ length: 100 }, () => tenants.clientOf('one'))
    answers[0]?.(account)
    const clients = new Set(await Promise.all(waiting.map(async (client) => client)))
    expect(clients.size).toBe(1)
    expect(clients.has(await tenants.clientOf('one'))).toBe(true)
    expect(load).toHaveBeenCalledTimes(1)
  })

  test.each<[string, Load]>([
    [
      'throws',
      () => {
        throw new Error('There is no such tenant.')
      },
    ],
    ['rejects', async () => Promise.reject(new Error('There is no such tenant.'))],
  ])('again when the function %s: a failure is not kept', async (_, failing) => {
    const load = vi.fn<Load>(() => account).mockImplementationOnce(failing)
    const tenants = tenantsOf(load)
    await expect((async () => tenants.clientOf('one'))()).rejects.toThrow('There is no such tenant.')
    expect(await tenants.clientOf('one')).toMatchObject({ appId })
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('again when what they say is wrong', () => {
    const load = vi.fn<Load>(() => account).mockReturnValueOnce({ ...account, appId: 'short' })
    const tenants = tenantsOf(load)
    expect(thrownBy(() => tenants.clientOf('one')).code).toBe('ERR_INVALID_APP_ID')
    expect(tenants.clientOf('one')).toMatchObject({ appId })
  })

  test('within ten seconds, or the requests that wait fail, and the next one asks again', async () => {
    vi.useFakeTimers()
    const { load, answers } = slowLoad()
    const tenants = tenantsOf(load)
    const failure = Promise.resolve(tenants.clientOf('one')).catch(String)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await failure).toContain('tenant.options did not answer within 10,000 ms')
    const next = tenants.clientOf('one')
    expect(load).toHaveBeenCalledTimes(2)
    // The first answer comes too late, and is not taken for the second one.
    answers[0]?.({ ...account, appId: otherAppId })
    answers[1]?.(account)
    expect(await next).toMatchObject({ appId })
    expect(tenants.clientOf('one')).toBe(await next)
  })
})

describe('forgetting a tenant', () => {
  test('loads its options anew, and those of no other', () => {
    const load = vi.fn<Load>(() => account)
    const tenants = tenantsOf(load)
    const [first, other] = [tenants.clientOf('one'), tenants.clientOf('other')]
    tenants.forget('one')
    expect(tenants.clientOf('one')).not.toBe(first)
    expect(tenants.clientOf('other')).toBe(other)
    expect(load.mock.calls).toEqual([['one'], ['other'], ['one']])
  })

  test('while its options are loaded keeps the stale ones from whoever comes later', async () => {
    const { load, answers } = slowLoad()
    const tenants = tenantsOf(load)
    const before = tenants.clientOf('one')
    tenants.forget('one')
    const after = tenants.clientOf('one')
    expect(load).toHaveBeenCalledTimes(2)
    // In the wrong order: the stale answer comes last.
    answers[1]?.({ ...account, appId: otherAppId })
    expect(await after).toMatchObject({ appId: otherAppId })
    answers[0]?.(account)
    expect(await before).toMatchObject({ appId })
    expect(tenants.clientOf('one')).toBe(await after)
  })

  test('while its options are loaded lets whoever comes later share one load, when the stale one ends first', async () => {
    const { load, answers } = slowLoad()
    const tenants = tenantsOf(load)
    const before = tenants.clientOf('one')
    tenants.forget('one')
    const after = tenants.clientOf('one')
    answers[0]?.(account)
    await before
    const later = tenants.clientOf('one')
    answers[1]?.({ ...account, appId: otherAppId })
    expect(await later).toBe(await after)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('that is not known does nothing', () => {
    expect(() => tenantsOf(() => account).forget('unknown')).not.toThrow()
  })

  test('lets the calls under way end, and leaves no socket behind', async () => {
    const answers: (() => void)[] = []
    const server = await startServer((_, response) => {
      answers.push(() => response.end('{"projects":[]}'))
    })
    const connections = new Connections()
    const options: Load = () => ({ ...account, baseUrl: server.url })
    const tenants = new TenantClients('agoraSignaling()', { key: () => 'a', options }, connections)
    const client = await tenants.clientOf('one')
    const call = client.projects.list()
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    tenants.forget('one')
    answers[0]?.()
    expect(await call).toEqual([])
    const later = client.projects.list()
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    answers[1]?.()
    expect(await later).toEqual([])
    await Promise.all([tenants.close(), connections.close()])
    await vi.waitFor(() => expect(server.sockets.every(({ destroyed }) => destroyed)).toBe(true))
  })
})

describe('tenants are kept', () => {
  test('up to max, those that were served last', () => {
    const load = vi.fn<Load>(() => account)
    const tenants = tenantsOf(load, 2)
    const first = tenants.clientOf('first')
    const second = tenants.clientOf('second')
    expect(tenants.clientOf('first')).toBe(first)
    void tenants.clientOf('third')
    expect(tenants.clientOf('first')).toBe(first)
    expect(tenants.clientOf('second')).not.toBe(second)
  })

  test('10,000 of them when max is not given', { timeout: 60_000 }, () => {
    const tenants = tenantsOf(() => account)
    const [first, second] = [tenants.clientOf('0'), tenants.clientOf('1')]
    for (let index = 2; index < 10_000; index++) void tenants.clientOf(String(index))
    expect(tenants.clientOf('0')).toBe(first)
    void tenants.clientOf('10000')
    expect(tenants.clientOf('0')).toBe(first)
    expect(tenants.clientOf('1')).not.toBe(second)
  })

  test('with their quota, however many requests they make', async () => {
    const sent: number[] = []
    const server = await startServer((_, response) => {
      sent.push(performance.now())
      response.end('{"result":"success","request_id":"1","code":"message_sent"}')
    })
    // Built anew for each load, as an application does it.
    const tenants = tenantsOf(() => ({
      ...account,
      baseUrl: server.url,
      maxAttempts: 1,
      quotas: { messages: 5, maxWaiting: 0 },
    }))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, async () => {
        const client = await tenants.clientOf('one')
        await client.messages.sendToChannel({ from: 'alice', channel: 'lobby', payload: 'hello' })
      }),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(5)
    expect(sent.length).toBeLessThanOrEqual(5)
  })
})

describe('keys that callers make up', () => {
  test.each(['__proto__', 'constructor', 'toString', ' ', '\u0000', 'a'.repeat(1024)])(
    '%j is a key like any other',
    (key) => {
      const tenants = tenantsOf(() => account)
      const client = tenants.clientOf(key)
      expect(tenants.clientOf(key)).toBe(client)
      expect(tenants.clientOf('one')).not.toBe(client)
    },
  )

  test.each(['', 'a'.repeat(1025), 'a'.repeat(1_000_000)])('of a length out of range are refused', (key) => {
    const load = vi.fn<Load>(() => account)
    const error = thrownBy(() => tenantsOf(load).clientOf(key))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
    expect(error.message.length).toBeLessThan(200)
    expect(load).not.toHaveBeenCalled()
  })

  test.each([null, 42, {}, ['one'], true])('%j is no key, and never means the default client', (key) => {
    const tenants = tenantsOf(() => account)
    const error = thrownBy(() => Reflect.apply(tenants.clientOf.bind(tenants), undefined, [key]))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain('tenant.key')
  })

  test('that nobody knows leave nothing behind', () => {
    const tenants = tenantsOf((key) => {
      throw new Error(`There is no tenant ${key}.`)
    })
    for (let index = 0; index < 100_000; index++) {
      expect(() => tenants.clientOf(`made-up-${index}`)).toThrow('There is no tenant')
    }
    expect(tenants.size).toBe(0)
  })
})

const mistaken: [unknown, string][] = [
  [undefined, 'tenant.options'],
  [null, 'tenant.options'],
  ['options', 'tenant.options'],
  [42, 'tenant.options'],
  [
    { ...account, baseURL: 'https://example.com' },
    'tenant.options has no option "baseURL". Did you mean baseUrl?',
  ],
]

test.each(mistaken)('options that are %j are refused', async (options, message) => {
  for (const answer of [options, Promise.resolve(options)]) {
    const load = vi.fn<Load>()
    Reflect.apply(load.mockReturnValue.bind(load), undefined, [answer])
    const tenants = tenantsOf(load)
    const error = await rejectionOf((async () => tenants.clientOf('one'))())
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain(message)
  }
})

test('once it is closed, a load that ends makes no client any more', async () => {
  const { load, answers } = slowLoad()
  const tenants = tenantsOf(load)
  const failure = rejectionOf((async () => tenants.clientOf('one'))())
  await tenants.close()
  answers[0]?.(account)
  expect((await failure).code).toBe('ERR_CLIENT_CLOSED')
})
