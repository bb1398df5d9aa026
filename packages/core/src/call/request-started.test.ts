import { once } from 'node:events'
import { Pool } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { AgoraCallError } from '../errors.js'
import type { CallAttempt } from '../errors.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startRawServer, startServer, unusedPort } from '../test-support/local-server.js'

useCleanEnvironment()

const call = { method: 'POST', path: '/dev/v1/anything' } as const

function clientOf(url: string, options: CommonClientOptions = {}): SignalingClient {
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: url,
    maxAttempts: 1,
    logLevel: 'silent',
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

async function attemptsOf(failing: Promise<unknown>): Promise<readonly CallAttempt[]> {
  const error = await rejectionOf(failing)
  if (error instanceof AgoraCallError) return error.attempts
  throw error
}

/** A client whose only connection is taken by a call that is not answered. */
async function clientWithoutFreeSocket(): Promise<SignalingClient> {
  const received: unknown[] = []
  const server = await startServer((request) => {
    received.push(request.url)
  })
  const dispatcher = new Pool(server.url, { connections: 1 })
  onTestFinished(() => dispatcher.destroy())
  const client = clientOf(server.url, { dispatcher })
  const first = rejectionOf(client.request(call))
  onTestFinished(async () => {
    await dispatcher.destroy()
    await first
  })
  await vi.waitFor(() => expect(received).toHaveLength(1))
  return client
}

describe('an attempt says that its request may have left', () => {
  test.each([200, 429, 500])('when it was answered %i', async (status) => {
    const server = await startServer((_, response) => response.writeHead(status).end('<p>no JSON</p>'))
    await expect(attemptsOf(clientOf(server.url).request(call))).resolves.toMatchObject([
      { status, requestStarted: true },
    ])
  })

  test('when the answer was too large', async () => {
    const server = await startServer((_, response) => response.end(Buffer.alloc(11 * 1024 * 1024, ' ')))
    await expect(attemptsOf(clientOf(server.url).request(call))).resolves.toMatchObject([
      { status: 200, requestStarted: true },
    ])
  })

  test('when its caller gave up after the request had arrived', async () => {
    const controller = new AbortController()
    const server = await startServer(() => controller.abort())
    const { signal } = controller
    await expect(attemptsOf(clientOf(server.url).request({ ...call, signal }))).resolves.toMatchObject([
      { failure: 'ERR_ABORTED', requestStarted: true },
    ])
  })

  test('when its time ran out after the request had arrived', async () => {
    const server = await startServer(() => undefined)
    await expect(
      attemptsOf(clientOf(server.url).request({ ...call, timeoutMs: 1000 })),
    ).resolves.toMatchObject([{ failure: 'ERR_TIMEOUT', requestStarted: true }])
  })

  test('when the connection broke after the request had arrived', async () => {
    const server = await startRawServer((socket) => {
      void once(socket, 'data').then(() => socket.resetAndDestroy())
    })
    await expect(attemptsOf(clientOf(server.url).request(call))).resolves.toMatchObject([
      { failure: 'ERR_CONNECTION_RESET', requestStarted: true },
    ])
  })
})

describe('an attempt says that nothing has left', () => {
  test('when no connection was made', async () => {
    const url = `http://127.0.0.1:${await unusedPort()}`
    await expect(attemptsOf(clientOf(url).request(call))).resolves.toMatchObject([
      { failure: 'ERR_CONNECTION_REFUSED', requestStarted: false },
    ])
  })

  test('when its time ran out while it waited for a connection', async () => {
    const client = await clientWithoutFreeSocket()
    await expect(attemptsOf(client.request({ ...call, timeoutMs: 30 }))).resolves.toMatchObject([
      { failure: 'ERR_TIMEOUT', requestStarted: false },
    ])
  })

  test('when its caller gave up while it waited for a connection', async () => {
    const client = await clientWithoutFreeSocket()
    const controller = new AbortController()
    const failing = attemptsOf(client.request({ ...call, signal: controller.signal }))
    setImmediate(() => controller.abort())
    await expect(failing).resolves.toMatchObject([{ failure: 'ERR_ABORTED', requestStarted: false }])
  })
})
