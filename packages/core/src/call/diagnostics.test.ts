import { tracingChannel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { trace } from '@opentelemetry/api'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { expect, onTestFinished, test } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { clientRuntime } from '../runtime.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'

useCleanEnvironment()

const send = { from: 'alice', to: 'bob', payload: 'canary-payload' }

async function clientOfServer(
  statuses: readonly number[],
): Promise<{ client: SignalingClient; host: string }> {
  let requests = 0
  const server = await startServer((_, response) => {
    const status = statuses[requests] ?? 200
    requests += 1
    response.writeHead(status).end('{"result":"success","code":"message_sent","request_id":"1"}')
  })
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: server.url,
    logLevel: 'silent',
    [clientRuntime]: skippingRuntime(1),
  })
  onTestFinished(() => client.close())
  return { client, host: server.host }
}

/** What a tracing channel publishes while the test runs: the event's name, and the context as it then is. */
function record(name: string): { readonly event: string; readonly context: Record<string, unknown> }[] {
  const events: { event: string; context: Record<string, unknown> }[] = []
  const channel = tracingChannel<string, object>(name)
  const listener = (event: string) => (context: object) => {
    const copy: Record<string, unknown> = {}
    for (const [field, value] of Object.entries(context)) copy[field] = copyOf(value)
    events.push({ event, context: copy })
  }
  const subscriber = {
    start: listener('start'),
    end: listener('end'),
    asyncStart: listener('asyncStart'),
    asyncEnd: listener('asyncEnd'),
    error: listener('error'),
  }
  channel.subscribe(subscriber)
  onTestFinished(() => {
    channel.unsubscribe(subscriber)
  })
  return events
}

/** Lists in the context grow as the call goes on. */
function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? value.slice() : value
}

test('a call is one trace, with all its attempts at its end', async () => {
  const { client, host } = await clientOfServer([429, 200])
  const events = record('agora-signaling:call')
  await client.messages.sendToUser(send)
  expect(events.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'])
  expect(events.at(-1)?.context).toMatchObject({
    operation: 'send',
    method: 'POST',
    path: '/dev/v2/project/0123…cdef/rtm/users/alice/peer_messages',
    appId: '0123…cdef',
    attempts: [
      { host, status: 429, waitedMs: 0 },
      { host, status: 200, waitedMs: 1000 },
    ],
  })
})

test('each attempt is a trace of its own: host, status, timing and wait', async () => {
  const { client, host } = await clientOfServer([429, 200])
  const events = record('agora-signaling:attempt')
  await client.messages.sendToUser(send)
  const ends = events.filter(({ event }) => event === 'asyncEnd').map(({ context }) => context)
  expect(ends).toMatchObject([
    { host, attempt: 1, status: 429, waitedMs: 0 },
    { host, attempt: 2, status: 200, waitedMs: 1000 },
  ])
  for (const end of ends) expect(end['durationMs']).toBeGreaterThanOrEqual(0)
})

test('a call that fails publishes its error', async () => {
  const { client } = await clientOfServer([403])
  const events = record('agora-signaling:call')
  const error = await rejectionOf(client.messages.sendToUser(send))
  expect(events.find(({ event }) => event === 'error')?.context['error']).toBe(error)
})

test('traces hold no secret, no payload and no answer', async () => {
  const { client } = await clientOfServer([200])
  const events = [record('agora-signaling:call'), record('agora-signaling:attempt')]
  await client.messages.sendToUser(send)
  const text = inspect(events, { depth: 10, showHidden: true })
  for (const secret of ['canary-payload', customerSecret, 'Basic', 'message_sent'])
    expect(text).not.toContain(secret)
})

test("undici's OpenTelemetry instrumentation sees every attempt", async () => {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  const instrumentation = new UndiciInstrumentation()
  instrumentation.setTracerProvider(provider)
  onTestFinished(async () => {
    instrumentation.disable()
    trace.disable()
    await provider.shutdown()
  })
  const { client } = await clientOfServer([429, 200])
  await client.messages.sendToUser(send)
  const spans = exporter.getFinishedSpans()
  expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([429, 200])
  expect(spans[0]?.attributes['url.path']).toBe(`/dev/v2/project/${appId}/rtm/users/alice/peer_messages`)
})
