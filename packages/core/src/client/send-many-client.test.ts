import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { numbered } from '../test-support/fake-sending.js'
import { startServer } from '../test-support/local-server.js'
import { having } from '../test-support/matchers.js'
import { createSignalingClient } from './client.js'
import type { SignalingClient } from './client.js'
import type { CommonClientOptions } from './options.js'

// sendMany() of a client, on real sockets. What it makes of sources and listeners is in the files beside this one.

useCleanEnvironment()

interface Agora {
  readonly url: string
  /** How many requests have arrived. */
  arrived: number
}

const accepted = '{"result":"success","code":"message_sent","request_id":"1"}'

async function startAgora(answer: RequestListener = (_, response) => response.end(accepted)): Promise<Agora> {
  const agora = { url: '', arrived: 0 }
  const { url } = await startServer((request, response) => {
    agora.arrived += 1
    request.resume()
    answer(request, response)
  })
  agora.url = url
  return agora
}

function clientOf({ url }: Agora, options: CommonClientOptions = {}): SignalingClient {
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: url,
    quotas: false,
    logLevel: 'silent',
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

test('an abort ends the wait for the quota: what waits has not been sent, and is left for the resume', async () => {
  const agora = await startAgora()
  const controller = new AbortController()
  const { messages } = clientOf(agora, { quotas: { messages: 2 }, timeoutMs: 600_000 })
  const onProgress = (): void => controller.abort()
  const { signal } = controller
  const report = await messages.sendMany(numbered(100), { concurrency: 10, signal, onProgress })
  expect(report).toMatchObject({ end: 'aborted', succeeded: agora.arrived, failed: 0 })
  expect(report.notSent).toBeGreaterThanOrEqual(8)
  expect(report.succeeded + report.notSent).toBe(report.resume.nextIndex)
})

test('an abort ends the wait for a token', async () => {
  const agora = await startAgora()
  const controller = new AbortController()
  const client = createSignalingClient({
    appId,
    userId: 'alice',
    baseUrl: agora.url,
    timeoutMs: 600_000,
    token: () => {
      controller.abort()
      return new Promise(() => undefined)
    },
  })
  const report = await client.messages.sendMany(numbered(10), { concurrency: 3, signal: controller.signal })
  expect(report).toMatchObject({ end: 'aborted', succeeded: 0, failed: 0, notSent: report.resume.nextIndex })
  expect(agora.arrived).toBe(0)
})

test('an abort ends the pause before another attempt: a message that Agora refused to take is not sent', async () => {
  const controller = new AbortController()
  const agora = await startAgora((_, response) => {
    response.writeHead(429, { 'retry-after': '25' }).end('{}')
    setImmediate(() => controller.abort())
  })
  const { messages } = clientOf(agora, { timeoutMs: 60_000 })
  const report = await messages.sendMany(numbered(10), { concurrency: 1, signal: controller.signal })
  expect(report).toMatchObject({
    end: 'aborted',
    failed: 0,
    notSent: 1,
    resume: { nextIndex: 1, notSent: [0] },
  })
  expect(agora.arrived).toBe(1)
})

test('an abort waits for the answer to what has left, and reports what it says', async () => {
  const controller = new AbortController()
  const agora = await startAgora((_, response) => {
    controller.abort()
    setTimeout(() => response.end(accepted), 100)
  })
  const { signal } = controller
  const report = await clientOf(agora).messages.sendMany(numbered(10), { concurrency: 1, signal })
  expect(report).toMatchObject({ end: 'aborted', succeeded: 1, failed: 0, notSent: 0 })
})

test('an abort waits no longer than for one attempt: then the message may have been sent, and is not sent again', async () => {
  const controller = new AbortController()
  const agora = await startAgora(() => controller.abort())
  const { messages } = clientOf(agora, { attemptTimeoutMs: 200, timeoutMs: 60_000 })
  const source = Array.from({ length: 10 }, (_, index) => ({
    to: `user-${index}`,
    payload: 'hi',
    from: 'alice',
    retryUnsafe: true,
  }))
  const report = await messages.sendMany(source, { concurrency: 1, signal: controller.signal })
  expect(report).toMatchObject({
    end: 'aborted',
    succeeded: 0,
    notSent: 0,
    resume: { nextIndex: 1, notSent: [] },
  })
  expect(report.outcomes).toEqual([having({ status: 'failed', mayHaveBeenSent: true })])
  expect(agora.arrived).toBe(1)
})

test('one failure of a token function is the failure of one message', async () => {
  const agora = await startAgora()
  let asked = 0
  const client = createSignalingClient({
    appId,
    userId: 'alice',
    baseUrl: agora.url,
    quotas: false,
    token: async () => {
      if (asked++ === 0) throw new Error('The token service is down.')
      return `007${'x'.repeat(60)}`
    },
  })
  onTestFinished(() => client.close())
  const report = await client.messages.sendMany(numbered(20), { concurrency: 1 })
  expect(report).toMatchObject({ end: 'done', failed: 1, succeeded: 19 })
  expect(report.outcomes[0]).toMatchObject({ status: 'failed', mayHaveBeenSent: false })
  expect(agora.arrived).toBe(19)
})

const fail = (): never => {
  throw new Error('disk full')
}

test('a logger that throws changes nothing', async () => {
  let requests = 0
  const agora = await startAgora((_, response) => {
    requests += 1
    if (requests === 3) response.writeHead(429, { 'retry-after': '0' })
    response.end(accepted)
  })
  const logger = { debug: fail, info: fail, warn: fail, error: fail }
  const { messages } = clientOf(agora, { logger, logLevel: 'debug' })
  expect(await messages.sendMany(numbered(10))).toMatchObject({ end: 'done', succeeded: 10 })
})

test('closing the client ends the sending: the rest is not sent, and is left for the resume', async () => {
  const agora = await startAgora()
  const client = clientOf(agora)
  let closing: Promise<void> | undefined
  const onProgress = (): void => {
    closing ??= client.close()
  }
  const report = await client.messages.sendMany(numbered(1_000_000), { concurrency: 5, onProgress })
  await closing
  expect(report).toMatchObject({ end: 'aborted', failed: 0, succeeded: agora.arrived })
  expect(report.resume.nextIndex).toBeLessThan(100)
  expect(report.succeeded + report.notSent).toBe(report.resume.nextIndex)
})

test('a caller who leaves ends the sending that their request began', async () => {
  const agora = await startAgora()
  const request = new AbortController()
  const { messages } = clientOf(agora).during(() => request.signal)
  const onProgress = (): void => request.abort()
  const report = await messages.sendMany(numbered(1_000_000), { concurrency: 5, onProgress })
  expect(report).toMatchObject({ end: 'aborted', failed: 0, succeeded: agora.arrived })
  expect(report.resume.nextIndex).toBeLessThan(100)
})

test('nothing is sent any more when the report is there', async () => {
  const agora = await startAgora()
  const { messages } = clientOf(agora)
  const report = await messages.sendMany(numbered(1000), {
    concurrency: 50,
    onProgress: ({ succeeded }) => {
      if (succeeded === 20) throw new Error('enough')
    },
  })
  const arrivedByThen = agora.arrived
  for (let turn = 0; turn < 50; turn++) await nextTurn()
  expect(agora.arrived).toBe(arrivedByThen)
  expect(report).toMatchObject({ end: 'progress-failed', succeeded: arrivedByThen, failed: 0 })
})
