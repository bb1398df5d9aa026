import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { createSignalingClient } from '../client/client.js'
import type { OutgoingMessage } from '../client/send-many-options.js'
import type { SendManyResume } from '../client/send-many-report.js'
import { isJsonObject } from '../input/json.js'
import { appId, customerId, customerSecret } from './account.js'
import { viaJson } from './fake-sending.js'
import { startServer } from './local-server.js'

/** What came of a source that was sent in many sendings, each but the last of which was interrupted. */
export interface InterruptedSendings {
  /** For each message, how often it arrived at the server. */
  readonly arrivals: Uint8Array
  readonly interruptions: number
  /** By the reports, all together. */
  readonly succeeded: number
  readonly failed: number
  /** Messages that an interruption left behind although they had been taken. */
  readonly leftBehind: number
}

/**
 * Sends `count` messages to a server on this machine, interrupts the sending again and again, and goes on each time with the
 * resume of the report, by way of JSON.
 *
 * @param seed The same one interrupts in the same places, as far as a clock and sockets allow.
 */
export async function sendWithInterruptions(count: number, seed: number): Promise<InterruptedSendings> {
  const random = seeded(seed)
  const arrivals = new Uint8Array(count)
  let onArrival: (() => void) | undefined
  const server = await startServer((request, response) => {
    void text(request).then(async (body) => {
      const message: unknown = JSON.parse(body)
      const index = isJsonObject(message) ? Number(message['payload']) : -1
      arrivals[index] = (arrivals[index] ?? 0) + 1
      onArrival?.()
      if (random() < 0.05) await sleep(random() * 20)
      response.end('{"result":"success","code":"message_sent","request_id":"1"}')
    })
  })
  const client = createSignalingClient({
    appId,
    customerId,
    customerSecret,
    baseUrl: server.url,
    // A machine that is busy with something else must not make a difference.
    attemptTimeoutMs: 120_000,
    timeoutMs: 120_000,
    // So that some messages wait for their turn when they are interrupted.
    quotas: { messages: 4000, maxWaiting: 1_000_000 },
  })
  const totals = { interruptions: 0, succeeded: 0, failed: 0, leftBehind: 0 }
  let resume: SendManyResume | undefined
  for (let isDone = false; !isDone;) {
    const controller = new AbortController()
    const interrupt = (): void => controller.abort()
    let arrivalsLeft = Math.floor(random() * random() * Math.max(200, count / 50))
    onArrival = () => {
      if (arrivalsLeft-- === 0) interrupt()
    }
    const timer = setTimeout(interrupt, 20 + random() * 1000)
    const report = await client.messages.sendMany(numbered(count, random), {
      concurrency: 1 + Math.floor(random() * 100),
      signal: controller.signal,
      keepOutcomes: 'none',
      resume,
    })
    clearTimeout(timer)
    resume = viaJson(report.resume)
    totals.succeeded += report.succeeded
    totals.failed += report.failed
    totals.leftBehind += report.notSent
    isDone = report.end === 'done'
    if (!isDone) totals.interruptions += 1
  }
  await client.close()
  return { arrivals, ...totals }
}

/** A source that is sometimes late. */
async function* numbered(count: number, random: () => number): AsyncGenerator<OutgoingMessage> {
  for (let index = 0; index < count; index++) {
    if (random() < 0.001) await nextTurn()
    yield { from: 'alice', to: 'bob', payload: String(index) }
  }
}

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
