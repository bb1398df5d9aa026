import type { IncomingMessage } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parseAccessToken2 } from '../access-token/parse.js'
import { createTokenEndpoint } from '../adapter/token-endpoint.js'
import { clientRuntime } from '../runtime.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'
import { createSignalingClient } from './client.js'
import type { SignalingClient } from './client.js'
import type { SignalingClientOptions } from './options.js'

useCleanEnvironment()

const minute = 60_000
const message = { to: 'bob', payload: 'hello' }
const sent = '{"result":"success","code":"message_sent","request_id":"1"}'
const minting = { appId, appCertificate, userId: 'alice' }

type Line = (message: string, details?: object) => void

function listeningLogger() {
  return { debug: vi.fn<Line>(), info: vi.fn<Line>(), warn: vi.fn<Line>(), error: vi.fn<Line>() }
}

function clientOf(options: SignalingClientOptions): SignalingClient {
  const client = createSignalingClient({ logger: listeningLogger(), ...options })
  onTestFinished(() => client.close())
  return client
}

function issuedAtMs(token: string): number {
  return parseAccessToken2(token).issuedAtSeconds * 1000
}

function issuedAtMsIn({ headers }: IncomingMessage): number {
  return issuedAtMs(headers.authorization?.replace('agora token=', '') ?? '')
}

/** Agora with another clock than ours: it takes no token from elsewhere in time. */
async function agoraAhead(aheadMs: () => number) {
  const issued: number[] = []
  const server = await startServer((request, response) => {
    const nowMs = Date.now() + aheadMs()
    const isBasic = request.headers.authorization?.startsWith('Basic') === true
    if (!isBasic) issued.push(issuedAtMsIn(request))
    const isCurrent = isBasic || Math.abs(issuedAtMsIn(request) - nowMs) < 40_000
    response
      .writeHead(isCurrent ? 200 : 401, { date: new Date(nowMs).toUTCString() })
      .end(isCurrent ? sent : '{}')
  })
  return { url: server.url, issued }
}

/** A server that believes nobody, and says it is some other time each time it is asked. */
async function serverThatLies(dates: readonly string[]) {
  const issued: number[] = []
  let asked = 0
  let isHonest = false
  const server = await startServer((request, response) => {
    issued.push(issuedAtMsIn(request))
    if (isHonest) return void response.end(sent)
    response.writeHead(401, { date: dates[asked++ % dates.length] ?? '' }).end('{}')
  })
  return { url: server.url, issued, becomeHonest: () => void (isHonest = true) }
}

describe('when the clock of the machine is wrong,', () => {
  test.each([10 * minute, -10 * minute])(
    'by %i ms, calls, issueToken and the token route all go by Agora’s',
    async (aheadMs) => {
      const agora = await agoraAhead(() => aheadMs)
      const client = clientOf({ ...minting, baseUrl: agora.url })
      await client.messages.sendToUser(message)
      const aheadOf = (token: string): number => issuedAtMs(token) - Date.now()
      expect(Math.abs(aheadOf(client.issueToken({ userId: 'carol' }).token) - aheadMs)).toBeLessThan(5000)
      expect(
        Math.abs(aheadOf(client.as('carol').issueToken({ userId: 'carol' }).token) - aheadMs),
      ).toBeLessThan(5000)
      const endpoint = createTokenEndpoint({ userId: () => 'carol' })
      const { body } = await endpoint({ method: 'GET', hostRequest: {}, client })
      const { token, expiresAt }: { token?: unknown; expiresAt?: unknown } = { ...body }
      expect(Math.abs(aheadOf(String(token)) - aheadMs)).toBeLessThan(5000)
      expect(Date.parse(String(expiresAt))).toBe(issuedAtMs(String(token)) + 3_600_000)
    },
  )

  test('it is told once, and again when it was set right', async () => {
    let aheadMs = 10 * minute
    const agora = await agoraAhead(() => aheadMs)
    const logger = listeningLogger()
    const client = clientOf({ ...minting, baseUrl: agora.url, logger, logLevel: 'info' })
    for (let index = 0; index < 3; index++) await client.messages.sendToUser(message)
    expect(logger.warn).toHaveBeenCalledOnce()
    aheadMs = 0
    await client.messages.sendToUser(message)
    expect(logger.info).toHaveBeenCalledOnce()
    expect(Math.abs(issuedAtMs(client.issueToken({ userId: 'bob' }).token) - Date.now())).toBeLessThan(5000)
  })

  test('the first answer with Basic says so, once, and issued tokens go by Agora’s', async () => {
    const agora = await agoraAhead(() => 10 * minute)
    const logger = listeningLogger()
    const client = clientOf({ appId, customerId, customerSecret, appCertificate, baseUrl: agora.url, logger })
    for (let index = 0; index < 3; index++) await client.messages.sendToUser({ ...message, from: 'alice' })
    expect(logger.warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/clock of this machine is (?:599|600|601) s behind Agora's/),
    ])
    expect(issuedAtMs(client.issueToken({ userId: 'bob' }).token)).toBeGreaterThan(Date.now() + 9 * minute)
  })
})

describe('a server that lies about the time', () => {
  const absurd = [
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'Wed, 01 Jan 2200 00:00:00 GMT',
    'Fri, 01 Jan 1960 00:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'yesterday',
    '',
  ]

  test.each(absurd)('(%j) does not keep the client from making tokens', async (date) => {
    const server = await serverThatLies([date])
    const client = clientOf({ ...minting, baseUrl: server.url })
    await expect(rejectionOf(client.messages.sendToUser(message))).resolves.toMatchObject({
      code: 'ERR_UNAUTHORIZED',
    })
    client.issueToken({ userId: 'bob' })
    server.becomeHonest()
    await expect(client.messages.sendToUser(message)).resolves.toMatchObject({ status: 'sent' })
    await expect(client.as('bob').messages.sendToUser(message)).resolves.toMatchObject({ status: 'sent' })
  })

  test('and raises it collects no tokens for later', async () => {
    const dates = Array.from({ length: 40 }, (_, step) =>
      new Date(Date.now() + 1.5 ** step * minute).toUTCString(),
    )
    const server = await serverThatLies(dates)
    const client = clientOf({ ...minting, baseUrl: server.url })
    for (let index = 0; index < 20; index++) await rejectionOf(client.messages.sendToUser(message))
    expect(server.issued).toHaveLength(40)
    expect(Math.max(...server.issued)).toBeLessThanOrEqual(Date.now() + 60 * minute)
    expect(issuedAtMs(client.issueToken({ userId: 'bob' }).token)).toBeLessThanOrEqual(
      Date.now() + 60 * minute,
    )
  })
})

test('an emulator that lives in another year is followed there', async () => {
  const itsMs = Date.UTC(2031, 5)
  const server = await startServer((request, response) => {
    const isCurrent = Math.abs(issuedAtMsIn(request) - itsMs) < minute
    response.writeHead(isCurrent ? 200 : 401, {
      date: new Date(itsMs).toUTCString(),
      ...(isCurrent ? {} : { 'x-emulator-reason': 'the token has expired' }),
    })
    response.end(isCurrent ? sent : '{}')
  })
  const client = clientOf({ ...minting, baseUrl: server.url })
  await expect(client.messages.sendToUser(message)).resolves.toMatchObject({ status: 'sent' })
})

test('a client goes by the clock of its runtime: tokens, their ends, and dates to wait for', async () => {
  const runtime = skippingRuntime(1)
  const itsMs = Date.UTC(2031, 5)
  const issued: number[] = []
  const server = await startServer((request, response) => {
    issued.push(issuedAtMsIn(request))
    const retryAfter = new Date(itsMs + 7000).toUTCString()
    response.sendDate = false
    if (issued.length === 1) response.writeHead(429, { 'retry-after': retryAfter }).end('{}')
    else response.end(sent)
  })
  let nowMs = itsMs
  const client = clientOf({
    ...minting,
    baseUrl: server.url,
    [clientRuntime]: { ...runtime, wallClockMs: () => nowMs },
  })
  await client.messages.sendToUser(message)
  expect(runtime.waits).toEqual([7000])
  nowMs += 3_600_000
  await client.messages.sendToUser(message)
  expect(issued).toEqual([itsMs, itsMs, itsMs + 3_600_000])
  expect(issuedAtMs(client.issueToken({ userId: 'bob' }).token)).toBe(nowMs)
})
