import { setImmediate as nextTurn } from 'node:timers/promises'
import { MockAgent } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parseAccessToken2 } from '../access-token/parse.js'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions } from '../client/options.js'
import { AgoraCallError } from '../errors.js'
import { clientRuntime } from '../runtime.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import type { SkippingRuntime } from '../test-support/skipping-runtime.js'

useCleanEnvironment()

const send = { from: 'alice', to: 'bob', payload: 'hello' }
const sent = '{"result":"success","code":"message_sent","request_id":"1"}'
const nobody = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

function client(
  options: CommonClientOptions,
  runtime: SkippingRuntime = skippingRuntime(1),
): SignalingClient {
  const made = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    logLevel: 'silent',
    ...options,
    [clientRuntime]: runtime,
  })
  onTestFinished(() => made.close())
  return made
}

/** Agora's hosts: each in the list fails like that once, then the one asked next answers. */
function hostsThatFail(
  failures: readonly (readonly [origin: string, failure: Error])[],
  answering: string,
): MockAgent {
  const agent = new MockAgent()
  agent.disableNetConnect()
  const any = { path: () => true, method: () => true }
  for (const [origin, failure] of failures) agent.get(origin).intercept(any).replyWithError(failure)
  agent.get(answering).intercept(any).reply(200, sent)
  onTestFinished(() => agent.assertNoPendingInterceptors())
  return agent
}

describe('hosts', () => {
  test('whose name is not found give way to the other domain, then to the neighbouring region', async () => {
    const dispatcher = hostsThatFail(
      [
        ['https://api-eu-west-1.agora.io', nobody],
        ['https://api-eu-west-1.sd-rtn.com', nobody],
      ],
      'https://api-eu-central-1.agora.io',
    )
    await expect(client({ area: 'eu', dispatcher }).messages.sendToUser(send)).resolves.toMatchObject({
      status: 'sent',
    })
  })

  test('that refuse the connection give way to the neighbouring region at once', async () => {
    const dispatcher = hostsThatFail(
      [['https://api-us-west-1.agora.io', refused]],
      'https://api-us-east-1.agora.io',
    )
    await expect(client({ area: 'us', dispatcher }).messages.sendToUser(send)).resolves.toMatchObject({
      status: 'sent',
    })
  })

  test('are not left by a caller who gives up', async () => {
    const paths: string[] = []
    const server = await startServer((request, response) => {
      paths.push(request.url ?? '')
      if (paths.length > 1) response.end(sent)
    })
    const controller = new AbortController()
    const made = client({ baseUrl: server.url })
    const call = rejectionOf(
      made.history.list({ userId: 'alice', channel: 'lobby', signal: controller.signal }).page(),
    )
    while (paths.length === 0) await nextTurn()
    controller.abort()
    await expect(call).resolves.toMatchObject({ code: 'ERR_ABORTED' })
    expect(paths).toHaveLength(1)
  })
})

test('a call that never got to a host it was to probe leaves the probe to the next one', async () => {
  const runtime = skippingRuntime(1)
  const primary = 'https://api-us-west-1.agora.io'
  const dispatcher = hostsThatFail(
    [
      [primary, refused],
      [primary, refused],
    ],
    primary,
  )
  const made = client({ area: 'us', dispatcher, maxAttempts: 1 }, runtime)
  await rejectionOf(made.messages.sendToUser(send))
  await rejectionOf(made.messages.sendToUser(send))
  await runtime.sleep(30_000)
  await rejectionOf(made.messages.sendToUser({ ...send, signal: AbortSignal.abort() }))
  await expect(made.messages.sendToUser(send)).resolves.toMatchObject({ status: 'sent' })
})

describe('pauses', () => {
  test('are as long as Retry-After says, in seconds or as a date', async () => {
    let requests = 0
    const server = await startServer((_, response) => {
      requests += 1
      if (requests === 1) response.writeHead(429, { 'retry-after': '4' }).end('{}')
      else if (requests === 2)
        response.writeHead(429, { 'retry-after': new Date(Date.now() + 3000).toUTCString() }).end('{}')
      else response.end(sent)
    })
    const runtime = skippingRuntime(1)
    await client({ baseUrl: server.url }, runtime).messages.sendToUser(send)
    expect(runtime.waits[0]).toBe(4000)
    expect(runtime.waits[1]).toBeGreaterThan(1000)
    expect(runtime.waits[1]).toBeLessThanOrEqual(3000)
  })

  test('that would outlast the call are not begun: the error says how long Agora asks to wait', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(429, { 'retry-after': '20' }).end('{}'),
    )
    const runtime = skippingRuntime(1)
    const error = await rejectionOf(client({ baseUrl: server.url }, runtime).messages.sendToUser(send))
    expect(error).toMatchObject({ code: 'ERR_RATE_LIMITED', retryAfterMs: 20_000 })
    expect(runtime.waits).toEqual([])
  })

  test('longer than half a minute are left to the caller, however long the call may take', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(429, { 'retry-after': '31' }).end('{}'),
    )
    const runtime = skippingRuntime(1)
    const made = client({ baseUrl: server.url, timeoutMs: 120_000 }, runtime)
    await expect(rejectionOf(made.messages.sendToUser(send))).resolves.toMatchObject({ retryAfterMs: 31_000 })
    expect(runtime.waits).toEqual([])
  })

  test('are in the account of the error, attempt by attempt', async () => {
    const server = await startServer((_, response) => response.writeHead(503).end('{}'))
    const made = client({ baseUrl: server.url })
    const error = await rejectionOf(made.history.list({ userId: 'alice', channel: 'lobby' }).page())
    expect(error).toMatchObject({
      attempts: [
        { host: server.host, status: 503, waitedMs: 0 },
        { host: server.host, status: 503, waitedMs: 1000 },
        { host: server.host, status: 503, waitedMs: 3000 },
        { host: server.host, status: 503, waitedMs: 6000 },
      ],
    })
  })
})

test('a send in doubt is repeated when its caller asks for that, and only then', async () => {
  let requests = 0
  const server = await startServer((_, response) => {
    requests += 1
    if (requests % 2 === 1) response.writeHead(503).end('{}')
    else response.end(sent)
  })
  const made = client({ baseUrl: server.url })
  await expect(made.messages.sendToUser({ ...send, retryUnsafe: true })).resolves.toMatchObject({
    status: 'sent',
  })
  await expect(rejectionOf(made.messages.sendToUser(send))).resolves.toMatchObject({ upstreamStatus: 503 })
  expect(requests).toBe(3)
})

test('an acknowledgement may take twice as long as another answer', async () => {
  const server = await startServer(() => undefined)
  const made = client({ baseUrl: server.url, attemptTimeoutMs: 200 })
  const ended: string[] = []
  const failureOf = async (what: string, waitForAck: boolean): Promise<AgoraCallError> => {
    const error = await rejectionOf(made.messages.sendToUser({ ...send, waitForAck }))
    ended.push(what)
    if (error instanceof AgoraCallError) return error
    throw error
  }
  const acknowledged = failureOf('with acknowledgement', true)
  await failureOf('without', false)
  const [attempt] = (await acknowledged).attempts
  expect(ended).toEqual(['without', 'with acknowledgement'])
  expect(attempt?.durationMs).toBeGreaterThanOrEqual(399)
})

describe('a clock that is wrong', () => {
  test('is told of, and tokens are made by the clock of the server from then on', async () => {
    const serverAheadMs = 10 * 60_000
    const issuedAt: number[] = []
    const server = await startServer((request, response) => {
      const token = request.headers.authorization?.replace('agora token=', '') ?? ''
      const { issuedAtSeconds } = parseAccessToken2(token)
      issuedAt.push(issuedAtSeconds)
      const serverNowMs = Date.now() + serverAheadMs
      const isCurrent = Math.abs(issuedAtSeconds * 1000 - serverNowMs) < 60_000
      response
        .writeHead(isCurrent ? 200 : 401, { date: new Date(serverNowMs).toUTCString() })
        .end(isCurrent ? sent : '{}')
    })
    const warn = vi.fn<(message: string, details?: object) => void>()
    const made = createSignalingClient({
      appId,
      appCertificate,
      userId: 'alice',
      baseUrl: server.url,
      logger: { ...console, warn },
    })
    onTestFinished(() => made.close())
    await made.messages.sendToUser({ to: 'bob', payload: 'hello' })
    await made.as('carol').messages.sendToUser({ to: 'bob', payload: 'hello' })
    expect(issuedAt).toHaveLength(3)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toMatch(/clock of this machine is (599|600|601) s behind/)
  })

  test('is not what a few seconds are', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(401, { date: new Date(Date.now() - 5000).toUTCString() }).end('{}')
    })
    const warn = vi.fn<(message: string, details?: object) => void>()
    const made = createSignalingClient({
      appId,
      appCertificate,
      userId: 'alice',
      baseUrl: server.url,
      logger: { ...console, warn },
    })
    onTestFinished(() => made.close())
    await rejectionOf(made.messages.sendToUser({ to: 'bob', payload: 'hello' }))
    expect(warn).not.toHaveBeenCalled()
  })
})

test('each attempt that is repeated is a warning, and none holds a secret or the payload', async () => {
  let requests = 0
  const server = await startServer((_, response) => {
    requests += 1
    if (requests === 1) response.writeHead(429).end('{}')
    else response.end(sent)
  })
  const lines: unknown[][] = []
  const line = (...parts: unknown[]): void => void lines.push(parts)
  const logger = { debug: line, info: line, warn: line, error: line }
  await client({ baseUrl: server.url, logger, logLevel: 'debug' }).messages.sendToUser({
    ...send,
    payload: 'canary-payload',
  })
  const text = JSON.stringify(lines)
  expect(text).toContain('ERR_RATE_LIMITED')
  for (const secret of [customerSecret, 'canary-payload', 'Basic ']) expect(text).not.toContain(secret)
})
