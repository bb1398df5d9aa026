import { once } from 'node:events'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { Agent } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { CommonClientOptions, SignalingClientOptions } from '../client/options.js'
import { clientRuntime, machine } from '../runtime.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { mostInASecond } from '../test-support/sliding-second.js'

useCleanEnvironment()

const send = { from: 'alice', to: 'bob', payload: 'hello' }
const sent = '{"result":"success","code":"message_sent","request_id":"1"}'
const basic = { customerId, customerSecret }

/** An Agora that says when each request arrived. */
async function startAgora(): Promise<{ url: string; port: string; arrivals: number[] }> {
  const arrivals: number[] = []
  const server = await startServer((_, response) => {
    arrivals.push(performance.now())
    response.end(sent)
  })
  return { url: server.url, port: new URL(server.url).port, arrivals }
}

function clientOf(options: SignalingClientOptions & CommonClientOptions): SignalingClient {
  const client = createSignalingClient({ appId, timeoutMs: 60_000, logLevel: 'silent', ...options })
  onTestFinished(() => client.close())
  return client
}

function sendMany(client: SignalingClient, count: number): Promise<unknown> {
  return Promise.all(Array.from({ length: count }, () => client.messages.sendToUser(send)))
}

/** Longer than a place that was taken at once would rest: what waits behind it would arrive together with it. */
const lateMs = 1600

function lateToken(): Promise<string> {
  return delay(lateMs, 'a-token-from-elsewhere')
}

/** Gives this machine's address to every name, but not before it is known. */
function lookupAfter(known: Promise<unknown>): NonNullable<typeof machine.lookup> {
  return (_, options, done) => {
    void known.then(() => {
      if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
      else done(null, '127.0.0.1', 4)
    })
  }
}

describe('no second holds more messages than the limit, counted where they arrive,', () => {
  test('in a burst', async () => {
    const agora = await startAgora()
    const client = clientOf({ ...basic, baseUrl: agora.url, quotas: { messages: 100 } })
    await sendMany(client, 250)
    expect(agora.arrivals).toHaveLength(250)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('in a burst through a dispatcher of the application', async () => {
    const agora = await startAgora()
    const dispatcher = new Agent()
    onTestFinished(() => dispatcher.destroy())
    const client = clientOf({ ...basic, baseUrl: agora.url, dispatcher, quotas: { messages: 100 } })
    await sendMany(client, 150)
    expect(agora.arrivals).toHaveLength(150)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('after the event loop stood still', async () => {
    const agora = await startAgora()
    const client = clientOf({ ...basic, baseUrl: agora.url, quotas: { messages: 100 } })
    const sending = sendMany(client, 250)
    await vi.waitFor(() => expect(agora.arrivals.length).toBeGreaterThanOrEqual(100), { timeout: 10_000 })
    const untilMs = performance.now() + 2500
    while (performance.now() < untilMs);
    await sending
    expect(agora.arrivals).toHaveLength(250)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('when the token came late', async () => {
    const agora = await startAgora()
    const client = clientOf({
      token: lateToken,
      userId: 'alice',
      baseUrl: agora.url,
      quotas: { messages: 100 },
    })
    await sendMany(client, 150)
    expect(agora.arrivals).toHaveLength(150)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('when the name was found late', async () => {
    const agora = await startAgora()
    const client = clientOf({
      ...basic,
      baseUrl: `http://localhost:${agora.port}`,
      quotas: { messages: 100 },
      [clientRuntime]: { ...machine, lookup: lookupAfter(delay(lateMs)) },
    })
    await sendMany(client, 150)
    expect(agora.arrivals).toHaveLength(150)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('with a shared limiter when the name was found late', async () => {
    const agora = await startAgora()
    const taken: number[] = []
    const consume = async (): Promise<void> => {
      const nowMs = performance.now()
      while ((taken[0] ?? nowMs) <= nowMs - 1250) taken.shift()
      const [oldest] = taken
      if (taken.length >= 100 && oldest !== undefined) {
        throw Object.assign(new Error('used up'), { msBeforeNext: oldest + 1250 - nowMs })
      }
      taken.push(nowMs)
    }
    const client = clientOf({
      ...basic,
      baseUrl: `http://localhost:${agora.port}`,
      quotas: { messages: { consume } },
      [clientRuntime]: { ...machine, lookup: lookupAfter(delay(lateMs)) },
    })
    await sendMany(client, 150)
    expect(agora.arrivals).toHaveLength(150)
    expect(mostInASecond(agora.arrivals)).toBeLessThanOrEqual(100)
  })

  test('when each call takes more than one attempt', async () => {
    const arrivals: number[] = []
    const server = await startServer((_, response) => {
      arrivals.push(performance.now())
      if (arrivals.length % 2 === 1) response.writeHead(429, { 'retry-after': '0' }).end('{}')
      else response.end(sent)
    })
    const client = clientOf({ ...basic, baseUrl: server.url, maxAttempts: 10, quotas: { messages: 50 } })
    await sendMany(client, 60)
    expect(arrivals.length).toBeGreaterThanOrEqual(90)
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(50)
  })
})

test('calls that gave up before they were sent keep nobody waiting', async () => {
  const agora = await startAgora()
  const learning = new AbortController()
  const known = once(learning.signal, 'abort')
  const client = clientOf({
    ...basic,
    baseUrl: `http://localhost:${agora.port}`,
    [clientRuntime]: { ...machine, lookup: lookupAfter(known) },
  })
  const controller = new AbortController()
  const { signal } = controller
  const aborted = Promise.all(
    Array.from({ length: 7000 }, () => rejectionOf(client.messages.sendToUser({ ...send, signal }))),
  )
  await nextTurn()
  controller.abort()
  const errors = await aborted
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['ERR_ABORTED']))
  learning.abort()
  await expect(client.messages.sendToUser({ ...send, timeoutMs: 5000 })).resolves.toMatchObject({
    status: 'sent',
  })
  expect(agora.arrivals).toHaveLength(1)
})
