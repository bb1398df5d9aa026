import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Agent } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClientOn, createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { appCertificate, appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import type { LocalServer } from '../test-support/local-server.js'
import { Connections } from './connections.js'

useCleanEnvironment()

const { signal } = new AbortController()
const call = { method: 'GET', path: '/dev/v1/anything' } as const

function clientOf(server: LocalServer, options: CommonClientOptions = {}): SignalingClient {
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: server.url,
    maxAttempts: 1,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

test('as many connections as are needed are made, up to 500, and the calls beyond that wait for one', async () => {
  const answers: (() => void)[] = []
  const server = await startServer((_, response) => {
    answers.push(() => response.end('{}'))
  })
  const client = clientOf(server, { attemptTimeoutMs: 60_000, timeoutMs: 60_000 })
  const calls = Promise.all(Array.from({ length: 520 }, () => client.request(call)))
  // None is answered before each of 500 has its own connection.
  await vi.waitFor(() => expect(answers).toHaveLength(500), { timeout: 20_000 })
  for (let index = 0; index < 520; index++) {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(index), { timeout: 20_000 })
    answers[index]?.()
  }
  await calls
  expect(server.sockets).toHaveLength(500)
})

describe('close()', () => {
  test('waits for the calls under way and refuses later ones', async () => {
    const answers: (() => void)[] = []
    const server = await startServer((_, response) => {
      answers.push(() => response.end('{"ok":true}'))
    })
    const client = clientOf(server)
    const underWay = client.request(call)
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    let isClosed = false
    const closing = client.close().then(() => (isClosed = true))
    expect(await rejectionOf(client.request(call))).toMatchObject({
      name: 'AgoraConfigError',
      code: 'ERR_CLIENT_CLOSED',
    })
    await nextTurn()
    expect(isClosed).toBe(false)

    for (const answer of answers) answer()
    await expect(underWay).resolves.toMatchObject({ body: { ok: true } })
    await closing
    await vi.waitFor(() => expect(server.sockets[0]?.destroyed).toBe(true))
  })

  test('waits for a call that still waits for its token, and for its second try', async () => {
    const tokens: ((token: string) => void)[] = []
    const token = (): Promise<string> => new Promise((resolve) => tokens.push(resolve))
    let requests = 0
    const server = await startServer((_, response) => {
      requests++
      response.writeHead(requests === 1 ? 401 : 200).end('{"result":"success"}')
    })
    const client = createSignalingClient({ appId, token, userId: 'server', baseUrl: server.url })
    const sending = client.messages.sendToUser({ to: 'bob', payload: 'hello' })
    const closing = client.close()
    await vi.waitFor(() => expect(tokens).toHaveLength(1))
    tokens[0]?.('first-token')
    await vi.waitFor(() => expect(tokens).toHaveLength(2))
    tokens[1]?.('second-token')
    await expect(sending).resolves.toMatchObject({ status: 'sent' })
    await closing
    expect(requests).toBe(2)
  })

  test('may be called twice, at the same time and later', async () => {
    const server = await startServer((_, response) => response.end('{}'))
    const client = clientOf(server)
    await client.request(call)
    await Promise.all([client.close(), client.close()])
    await expect(client.close()).resolves.toBeUndefined()
  })

  test.each<readonly [string, (client: SignalingClient) => SignalingClient]>([
    ['a view of one user', (client) => client.as('alice')],
    ['a view of a view', (client) => client.as('alice').as('bob')],
    ['the client of a request', (client) => client.forRequest('alice')],
    ['the client of a request without a user', (client) => client.forRequest('')],
    ['the client of a request that acts for the back end', (client) => client.during(() => signal)],
  ])('of %s closes nothing, and says so: others go on with their calls', async (_, viewOf) => {
    const server = await startServer((_request, response) => response.end('{}'))
    const client = clientOf(server)
    const error = await rejectionOf(viewOf(client).close())
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toMatch(/nothing to close.*close the client or the middleware/)
    await client.request(call)
    await client.as('carol').request(call)
    expect(server.sockets.filter((socket) => socket.destroyed)).toHaveLength(0)
  })

  test('of a client that shares its connections with others closes nothing', async () => {
    const server = await startServer((_request, response) => response.end('{}'))
    const shared = new Connections()
    onTestFinished(() => shared.close())
    const tenants = [appId, otherAppId].map((tenant) =>
      createClientOn({ appId: tenant, customerId, customerSecret, baseUrl: server.url }, shared),
    )
    const [first, second] = tenants
    expect((await rejectionOf(first?.close() ?? Promise.resolve())).code).toBe('ERR_CONFIG_INVALID')
    await expect(second?.request(call)).resolves.toMatchObject({ status: 200 })
  })

  test('closes all views of a client', async () => {
    const server = await startServer((_, response) => response.end('{}'))
    const client = clientOf(server)
    await client.close()
    expect((await rejectionOf(client.request(call))).code).toBe('ERR_CLIENT_CLOSED')
    expect((await rejectionOf(client.as('bob').request(call))).code).toBe('ERR_CLIENT_CLOSED')
  })

  test('leaves a supplied dispatcher open, after the calls under way', async () => {
    const answers: (() => void)[] = []
    const server = await startServer((_, response) => {
      answers.push(() => response.end('{}'))
      if (answers.length > 1) response.end('{}')
    })
    const dispatcher = new Agent()
    onTestFinished(() => dispatcher.close())
    const client = clientOf(server, { dispatcher })
    let isAnswered = false
    const underWay = client.request(call).then(() => (isAnswered = true))
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    const closing = client.close().then(() => isAnswered)
    for (const answer of answers) answer()
    await expect(closing).resolves.toBe(true)
    await underWay

    expect((await rejectionOf(client.request(call))).code).toBe('ERR_CLIENT_CLOSED')
    await expect(clientOf(server, { dispatcher }).request(call)).resolves.toMatchObject({ status: 200 })
  })

  test('leaves no timer and no socket behind, however the calls ended', async () => {
    const server = await startServer((request, response) => {
      if (request.url?.endsWith('/answered') === true) response.end('{}')
    })
    await until(() => keepingTheProcessAlive() === 'TCPServerWrap')
    const client = createSignalingClient({ appId, customerId, customerSecret, baseUrl: server.url })
    const controller = new AbortController()
    const calls = Promise.allSettled([
      client.request({ method: 'GET', path: '/answered' }),
      client.request({ method: 'GET', path: '/late', timeoutMs: 30 }),
      client.request({ method: 'GET', path: '/aborted', signal: controller.signal }),
      client.request({ method: 'GET', path: '/aborted-before', signal: AbortSignal.abort() }),
    ])
    await until(() => server.sockets.length >= 3)
    expect(keepingTheProcessAlive()).toMatch(/TCPSocketWrap.*Timeout/)
    controller.abort()
    await calls
    await client.close()
    await until(() => keepingTheProcessAlive() === 'TCPServerWrap')
  })
})

function keepingTheProcessAlive(): string {
  const names = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS|GetAddrInfo/.test(name))
  return names.toSorted().join()
}

/** Waits without a timer, for one would be counted. The test runner’s own timers and sockets come and go. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}

const mintsThenSends = `
  const { createSignalingClient, verifyAccessToken2 } = await import(process.argv[1])
  const { createRequire } = await import('node:module')
  const loaded = () => Object.keys(createRequire(process.argv[1]).cache).some((file) => file.includes('undici'))
  const [appId, appCertificate] = process.argv.slice(2)
  const client = createSignalingClient({ appId, appCertificate, userId: 'server', baseUrl: 'http://127.0.0.1:1', maxAttempts: 1 })
  const { token } = client.issueToken({ userId: 'alice' })
  verifyAccessToken2(token, { appId, appCertificate })
  const before = loaded()
  const failure = await client.messages.sendToUser({ to: 'alice', payload: 'hello' }).catch((error) => error.code)
  console.log(JSON.stringify({ before, failure, after: loaded() }))
`

test('a process that makes and checks tokens does not load undici; the first call does', async () => {
  const entry = join(import.meta.dirname, '../../dist/esm/index.js')
  const args = ['--input-type=module', '--eval', mintsThenSends, entry, appId, appCertificate]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(JSON.parse(stdout)).toEqual({ before: false, failure: 'ERR_CONNECTION_REFUSED', after: true })
})
