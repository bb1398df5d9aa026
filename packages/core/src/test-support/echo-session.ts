import { tracingChannel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { onTestFinished } from 'vitest'
import { buildSignalingToken } from '../access-token/build.js'
import { createSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { isAgoraError } from '../errors.js'
import { clientRuntime } from '../runtime.js'
import { appId, customerId } from './account.js'
import { leaksIn } from './forbidden.js'
import { startHostileServer } from './hostile-server.js'
import type { Echo } from './hostile-server.js'
import { linesOf } from './printed.js'
import { skippingRuntime } from './skipping-runtime.js'

// Made for these tests: whoever prints eight characters of one of them prints a secret.
export const customerSecret = 'd41c0f7be96a4835a1b2907f3e5c6d88'
export const appCertificate = '7e93b1c5a08f4d26937cb5e1f0a2d469'
export const payload = 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 4711'
const foreignCertificate = '19fe5a7c3d0b48e2b6a4c8d7e1f20395'
const account = { appId, customerId, customerSecret }

const foreignToken = buildSignalingToken({
  appId,
  appCertificate: foreignCertificate,
  userId: 'server',
  ttlSeconds: 60,
})

/** What a session printed, and with which failures. */
export interface EchoSession {
  readonly lines: ReadonlySet<string>
  readonly codes: ReadonlySet<string>
  readonly calls: number
  /** Pieces of secrets and payloads. */
  leaks(): string[]
  /** Lines that are endless, or that write to a terminal. */
  disturbing(): string[]
}

/** Every way to authenticate, one of them with App ID and certificate swapped. */
export function clientsOf(
  baseUrl: string,
  print: (value: unknown) => void,
): Readonly<Record<string, SignalingClient>> {
  const log = (message: string, details?: object): void => print([message, details])
  const common = {
    baseUrl,
    quotas: false,
    maxAttempts: 2,
    attemptTimeoutMs: 5000,
    logLevel: 'debug',
    logger: { debug: log, info: log, warn: log, error: log },
    [clientRuntime]: skippingRuntime(),
  } as const
  return {
    basic: createSignalingClient({ ...common, ...account }),
    minting: createSignalingClient({
      ...common,
      appId,
      appCertificate,
      userId: 'server',
      headerStyle: 'both',
    }),
    fetching: createSignalingClient({ ...common, appId, token: async () => foreignToken, userId: 'server' }),
    holding: createSignalingClient({
      ...common,
      appId,
      token: foreignToken,
      userId: 'server',
      headerStyle: 'x-agora',
    }),
    swapped: createSignalingClient({
      ...common,
      appId: appCertificate,
      appCertificate: appId,
      userId: 'server',
    }),
  }
}

/** Every operation; what it gives is data, of which the request ID alone is for logs. */
export const operations: Readonly<Record<string, (client: SignalingClient) => Promise<unknown>>> = {
  sendToUser: ({ messages }) => messages.sendToUser({ to: 'bob', payload }),
  sendToChannel: ({ messages }) => messages.sendToChannel({ channel: 'lobby', payload }),
  sendMany: ({ messages }) => messages.sendMany([{ to: 'bob', payload }]),
  userEvents: async ({ events }) => (await events.pullUserEvents()).requestId,
  channelEvents: async ({ events }) => (await events.pullChannelEvents()).requestId,
  history: async ({ history }) => (await history.list({ channel: 'lobby' }).page()).requestId,
  projects: async ({ projects }) => (await projects.list()).length,
  publish: ({ experimental }) =>
    experimental.publish({ channel: 'lobby', payload, customType: 'jagen Viktor quer' }),
  request: async (client) =>
    (
      await client.request({
        method: 'POST',
        path: `/${customerSecret}/x`,
        query: { token: foreignToken, text: payload },
        body: { payload, deep: [payload] },
      })
    ).requestId,
}

/**
 * Calls a server that echoes, and keeps everything that could be printed of it.
 *
 * @param isFull Each operation with each authentication for each echo; else one of them for each.
 */
export async function echoSession(echoes: Iterable<Echo>, isFull: boolean): Promise<EchoSession> {
  const lines = new Set<string>()
  const codes = new Set<string>()
  const print = (value: unknown): void => {
    for (const line of linesOf(value)) lines.add(line)
  }
  recordTraces((context) => {
    for (const line of inspect(context, { depth: Infinity, showHidden: true }).split('\n')) lines.add(line)
  })
  const server = await startHostileServer()
  const clients = Object.values(clientsOf(server.url, print)).map((client) => client.as('server'))
  const everything = clients.flatMap((client) => Object.values(operations).map((call) => () => call(client)))
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()))
  })
  let calls = 0
  for (const echo of echoes) {
    server.echo = echo
    for (const call of isFull ? everything : everything.slice(calls % everything.length).slice(0, 1)) {
      calls += 1
      print(
        await call().catch((error: unknown) => {
          if (!isAgoraError(error)) throw error
          codes.add(error.code)
          return error
        }),
      )
    }
  }
  const secrets = [
    customerSecret,
    appCertificate,
    foreignCertificate,
    payload,
    foreignToken,
    ...server.tokens,
  ]
  return {
    lines,
    codes,
    calls,
    leaks: () => leaksIn(lines, secrets),
    disturbing: () => [...lines].filter(isDisturbing),
  }
}

function isDisturbing(line: string): boolean {
  return line.length > 5000 || /[\p{Cc}\u2028\u2029]/u.test(line)
}

function recordTraces(record: (context: object) => void): void {
  for (const name of ['agora-signaling:call', 'agora-signaling:attempt']) {
    const channel = tracingChannel<string, object>(name)
    const subscriber = { start: record, end: record, asyncStart: record, asyncEnd: record, error: record }
    channel.subscribe(subscriber)
    onTestFinished(() => {
      channel.unsubscribe(subscriber)
    })
  }
}
