import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { AgoraCallError, isAgoraError } from '../errors.js'
import { clientRuntime } from '../runtime.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { startServer } from '../test-support/local-server.js'
import { selfSigned } from '../test-support/self-signed.js'
import { skippingRuntime } from '../test-support/skipping-runtime.js'

useCleanEnvironment()

/*
 * Every fault against every kind of call, over real sockets. Waits between attempts take no time, and the client's
 * clock goes on as if they had. The results are written to docs/fault-matrix.md.
 */

const timeoutMs = 15_000
const maxAttempts = 4

interface Operation {
  readonly name: string
  /** What may happen twice: nothing, everything, or what says so. */
  readonly kind: 'sends' | 'reads' | 'reads-destructively'
  readonly healthyAnswer: unknown
  run(client: SignalingClient): Promise<unknown>
}

const operations: readonly Operation[] = [
  {
    name: 'send',
    kind: 'sends',
    healthyAnswer: { result: 'success', request_id: '1', code: 'message_sent' },
    run: (client) => client.messages.sendToUser({ to: 'bob', payload: 'hello' }),
  },
  {
    name: 'publish',
    kind: 'sends',
    healthyAnswer: { errorCode: 200, error: false, requestId: '1', data: { channelName: 'lobby' } },
    run: (client) => client.experimental.publish({ channel: 'lobby', payload: 'hello' }),
  },
  {
    name: 'history',
    kind: 'reads',
    healthyAnswer: {
      errorCode: 200,
      error: false,
      requestId: '1',
      data: { messageList: [], count: 0, newStart: 0 },
    },
    run: (client) => client.history.list({ channel: 'lobby' }).page(),
  },
  {
    name: 'events',
    kind: 'reads-destructively',
    healthyAnswer: { result: 'success', request_id: '1', events: [] },
    run: (client) => client.events.pullUserEvents(),
  },
  {
    name: 'projects',
    kind: 'reads',
    healthyAnswer: { projects: [] },
    run: (client) => client.projects.list(),
  },
]

interface Fault {
  readonly name: string
  /** Whether Agora would have acted on a request that is answered like this. */
  readonly processes: boolean
  /** What a host name resolves to while the fault lasts. */
  readonly address?: string
  readonly scheme?: 'https'
  /** The server speaks TLS, with a certificate that nobody trusts. */
  readonly isUntrusted?: true
  readonly answer?: (request: IncomingMessage, response: ServerResponse, healthy: string) => void
  /** The client has to run out of patience: real time, hence little of it. */
  readonly isSlow?: true
}

function status(code: number, headers: Record<string, string> = {}, body = '{"message":"no"}') {
  return (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(body)
  }
}

const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

const faults: readonly Fault[] = [
  { name: 'DNS failure', processes: false, address: 'unknown' },
  // Every address from 127.0.0.1 on is this machine, and nobody listens on this one.
  { name: 'connection refused', processes: false, address: '127.0.0.2' },
  { name: 'TLS failure', processes: false, scheme: 'https' },
  { name: 'certificate not trusted', processes: false, scheme: 'https', isUntrusted: true },
  { name: 'reset before headers', processes: true, answer: (request) => request.socket.resetAndDestroy() },
  {
    name: 'reset mid-body',
    processes: true,
    answer: (request, response, healthy) => {
      response.writeHead(200, { 'content-length': String(healthy.length) })
      response.write(healthy.slice(0, 5), () => request.socket.resetAndDestroy())
    },
  },
  { name: 'slow headers', processes: true, isSlow: true, answer: () => undefined },
  {
    name: 'slow body',
    processes: true,
    isSlow: true,
    answer: (_, response, healthy) => {
      response.writeHead(200, { 'content-length': String(healthy.length) })
      response.write(healthy.slice(0, 5))
    },
  },
  { name: '408', processes: true, answer: status(408) },
  { name: '429', processes: false, answer: status(429) },
  { name: '429 with Retry-After', processes: false, answer: status(429, { 'retry-after': '2' }) },
  {
    name: '429 with Retry-After of 400 digits',
    processes: false,
    answer: status(429, { 'retry-after': '9'.repeat(400) }),
  },
  { name: '500', processes: true, answer: status(500) },
  { name: '502 with HTML', processes: true, answer: status(502, { 'content-type': 'text/html' }, html) },
  { name: '503', processes: true, answer: status(503) },
  { name: '401', processes: false, answer: status(401, {}, '{"message":"Unauthorized"}') },
  {
    name: '401 dated 9999',
    processes: false,
    answer: status(401, { date: 'Fri, 31 Dec 9999 23:59:59 GMT' }),
  },
  { name: '200 with nothing', processes: true, answer: status(200, {}, '') },
  { name: '200 with {}', processes: true, answer: status(200, {}, '{}') },
  {
    name: '200 of another service',
    processes: true,
    answer: status(200, {}, '{"message":"no Route matched with those values"}'),
  },
  {
    name: 'truncated JSON',
    processes: true,
    answer: (_, response, healthy) => response.end(healthy.slice(0, -3)),
  },
  {
    name: '200 with errorCode 500',
    processes: true,
    answer: (_, response) =>
      response.end('{"data":null,"error":true,"errorCode":500,"reason":"Sync Server Error"}'),
  },
  {
    name: 'wrong Content-Type',
    processes: true,
    answer: (_, response, healthy) => response.setHeader('content-type', 'text/html').end(healthy),
  },
]

interface Cell {
  /** `ok`, or the code of the error. */
  readonly outcome: string
  readonly attempts: number
  readonly possibleLoss: boolean
  /** How often Agora would have acted on the call. */
  readonly processed: number
  /** What the client's clock says. */
  readonly tookMs: number
  readonly leftBehind: readonly string[]
}

async function runCell(fault: Fault, operation: Operation, stays: boolean): Promise<Cell> {
  const healthy = JSON.stringify(operation.healthyAnswer)
  let requests = 0
  let processed = 0
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await text(request)
    requests += 1
    const isFaulty = fault.answer !== undefined && (stays || requests === 1)
    if (!isFaulty || fault.processes) processed += 1
    if (isFaulty) fault.answer?.(request, response, healthy)
    else response.setHeader('content-type', 'application/json').end(healthy)
  }
  const server = await startServer(
    (request, response) => void answer(request, response),
    fault.isUntrusted === true ? selfSigned : undefined,
  )
  let lookups = 0
  let failedLookups = 0
  const lookup: LookupFunction = (_, options, callback) => {
    lookups += 1
    const isFaulty = fault.address !== undefined && (stays || lookups === 1)
    if (isFaulty) failedLookups += 1
    const address = isFaulty ? fault.address : '127.0.0.1'
    if (address === 'unknown') callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    else if (options.all === true) callback(null, [{ address, family: 4 }])
    else callback(null, address, 4)
  }
  const before = process.getActiveResourcesInfo()
  // Chance at its worst: every wait is as long as it may be.
  const runtime = { ...skippingRuntime(1), lookup }
  const options = {
    appId,
    baseUrl: `${fault.scheme ?? 'http'}://localhost:${server.host.split(':')[1]}`,
    attemptTimeoutMs: fault.isSlow === true ? 200 : 5000,
    logLevel: 'silent',
    [clientRuntime]: runtime,
  } as const
  // The console wants Basic; everything else shows here what a fresh token can do.
  const client =
    operation.name === 'projects'
      ? createSignalingClient({ ...options, customerId, customerSecret })
      : createSignalingClient({ ...options, appCertificate, userId: 'alice' })

  const startedMs = runtime.monotonicMs()
  let outcome = 'ok'
  let possibleLoss = false
  let attempts = Number.NaN
  try {
    const result = await operation.run(client)
    possibleLoss =
      typeof result === 'object' &&
      result !== null &&
      'possibleLoss' in result &&
      result.possibleLoss === true
  } catch (error) {
    if (!isAgoraError(error)) throw error
    outcome = error.code
    if (error instanceof AgoraCallError) attempts = error.attempts.length
  }
  const tookMs = runtime.monotonicMs() - startedMs
  await client.close()
  // A success does not say how many attempts it took; what they met with does.
  if (Number.isNaN(attempts)) attempts = requests + failedLookups
  return { outcome, attempts, possibleLoss, processed, tookMs, leftBehind: newResources(before) }
}

/** What keeps the process busy and did not before, sockets of the server aside. */
function newResources(before: readonly string[]): string[] {
  const known = [...before]
  return process.getActiveResourcesInfo().filter((resource) => {
    const index = known.indexOf(resource)
    if (index >= 0) known.splice(index, 1)
    return index < 0 && resource === 'Timeout'
  })
}

const cells = new Map<string, Promise<Cell>>()

/** Each cell is run once, by whichever test asks first. */
function cell(fault: Fault, operation: Operation, stays: boolean): Promise<Cell> {
  const key = `${fault.name} ${operation.name} ${stays}`
  const known = cells.get(key) ?? runCell(fault, operation, stays)
  cells.set(key, known)
  return known
}

/** A plain server cannot begin to speak TLS after its first connection. */
const passingFaults = faults.filter(({ scheme }) => scheme === undefined)

describe.each(operations)('$name', (operation) => {
  describe.each([
    { when: 'once', stays: false, list: passingFaults },
    { when: 'for good', stays: true, list: faults },
  ])('with a fault $when', ({ stays, list }) => {
    test.each(list)('$name', async (fault) => {
      const result = await cell(fault, operation, stays)
      // A send is processed once at most, anything else once for each attempt.
      const most = operation.kind === 'sends' ? 1 : result.attempts
      expect(result.processed).toBeLessThanOrEqual(most)
      // What an earlier attempt took out of the queue is lost, and a success says so.
      const isDestructive = operation.kind === 'reads-destructively'
      const hasLost = isDestructive && result.outcome === 'ok' && result.processed > 1
      expect(result.possibleLoss || !hasLost).toBe(true)
      expect(result.possibleLoss && !isDestructive).toBe(false)
      expect(result.attempts).toBeLessThanOrEqual(maxAttempts)
      expect(result.tookMs).toBeLessThanOrEqual(timeoutMs)
      expect(result.leftBehind).toEqual([])
    })
  })
})

async function table(list: readonly Fault[], stays: boolean): Promise<string[]> {
  const lines = [
    `| fault | ${operations.map(({ name }) => name).join(' | ')} |`,
    `| --- | ${operations.map(() => '---').join(' | ')} |`,
  ]
  for (const fault of list) {
    const row: string[] = []
    for (const operation of operations) row.push(describeCell(await cell(fault, operation, stays)))
    lines.push(`| ${fault.name} | ${row.join(' | ')} |`)
  }
  return lines
}

function describeCell({ outcome, attempts, possibleLoss }: Cell): string {
  const count = attempts === 1 ? '' : `, ${attempts} attempts`
  return `${outcome}${count}${possibleLoss ? ', `possibleLoss`' : ''}`
}

test('the results are in docs/fault-matrix.md', async () => {
  const document = [
    '# Faults, and what becomes of a call',
    '',
    'Written by `packages/core/src/call/fault-matrix.test.ts`, which runs each cell over real sockets and counts what the server',
    'received. No send is ever processed twice; a read of events that may have taken some with it says so; no call outlasts',
    'its deadline.',
    '',
    '## The fault happens once',
    '',
    ...(await table(passingFaults, false)),
    '',
    '## The fault stays',
    '',
    ...(await table(faults, true)),
    '',
  ].join('\n')
  await expect(document).toMatchFileSnapshot(join(import.meta.dirname, '../../../../docs/fault-matrix.md'))
}, 60_000)
