import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import {
  accessToken2Auth,
  basicAuth,
  buildSignalingToken,
  createSignalingClient,
  loadCredentials,
  parseKeyAndSecret,
  tokenAuth,
  verifyNotification,
} from './index.js'
import { createClientContext, createNotificationEndpoint } from './adapter.js'
import { appId, customerId } from './test-support/account.js'
import { useCleanEnvironment } from './test-support/clean-environment.js'
import { appCertificate, customerSecret, echoSession, payload } from './test-support/echo-session.js'
import { encodings } from './test-support/encodings.js'
import { leaksIn } from './test-support/forbidden.js'
import { places, startHostileServer, statuses } from './test-support/hostile-server.js'
import type { Echo } from './test-support/hostile-server.js'
import { linesOf } from './test-support/printed.js'

useCleanEnvironment()

/** Every place with every encoding, and each status in turn. `redaction.soak.test.ts` has all of them with all operations. */
function* everyPlace(): Generator<Echo> {
  let turn = 0
  for (const place of Object.keys(places)) {
    for (const encode of Object.values(encodings)) {
      yield { place, encode, status: statuses[turn % statuses.length] ?? 400 }
      turn += 1
    }
  }
}

test(
  'a server that echoes every part of a request, anywhere and in any encoding, gets none of it printed',
  { timeout: 60_000 },
  async () => {
    const session = await echoSession(everyPlace(), false)
    expect(session.leaks()).toEqual([])
    expect(session.disturbing()).toEqual([])
    // It was a session, with failures of every kind that an answer can be.
    expect([...session.codes].toSorted()).toEqual([
      'ERR_BAD_REQUEST',
      'ERR_CONFIG_MISSING',
      'ERR_CONNECTION_RESET',
      'ERR_FORBIDDEN',
      'ERR_INVALID_RESPONSE',
      'ERR_NOT_FOUND',
      'ERR_RATE_LIMITED',
      'ERR_REJECTED_CONTENT',
      'ERR_UNAUTHORIZED',
      'ERR_UPSTREAM',
    ])
  },
)

test(
  'a program that dies of a failure it does not handle, its code minified, prints what it was and no secret',
  { timeout: 60_000 },
  async () => {
    const program = await bundled('src/test-support/unhandled-call.ts')
    const server = await startHostileServer()
    const pair = Buffer.from(`${customerId}:${customerSecret}`).toString('base64')
    for (const place of ['noProtocol', 'headerValue', 'emulatorReason']) {
      server.echo = { place, encode: String, status: 502 }
      const output = await outputOf([program, server.url, appId, customerId, customerSecret, payload])
      expect(output).toMatch(/Agora(?:Connection|Api)Error\b.*peer_messages/)
      expect(output).toMatch(/code: 'ERR_(?:CONNECTION_RESET|UPSTREAM)'/)
      expect(leaksIn(output.split('\n'), [customerSecret, payload, pair])).toEqual([])
    }
  },
)

const run = promisify(execFile)

/** Bundles and minifies a program, as an application may be, inside the package, so that it finds undici. */
async function bundled(entry: string): Promise<string> {
  const root = join(import.meta.dirname, '..')
  const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
  const vite = join(dirname(ofVitest.resolve('vite/package.json')), 'bin/vite.js')
  const outDir = join(root, 'node_modules', `.minified-${process.pid}`)
  onTestFinished(() => rm(outDir, { recursive: true, force: true }))
  const flags = ['--minify', 'oxc', '--logLevel', 'error', '--configLoader', 'native']
  await run(process.execPath, [vite, 'build', '--ssr', entry, '--outDir', outDir, ...flags], { cwd: root })
  return join(outDir, basename(entry).replace(/ts$/, 'js'))
}

/** What a program writes that ends with an error. */
async function outputOf(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, args).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return stdout + stderr
}

test('what an application holds can be printed whole: clients, views, strategies, credentials, requests, routes', async () => {
  const token = buildSignalingToken({ appId, appCertificate, userId: 'server', ttlSeconds: 60 })
  const webhookSecret = 'b8f02d7c5e914a63'
  const credentials = loadCredentials({
    AGORA_APP_ID: appId,
    AGORA_CUSTOMER_ID: customerId,
    AGORA_CUSTOMER_SECRET: customerSecret,
    AGORA_APP_CERTIFICATE: appCertificate,
  })
  const strategies = [
    basicAuth({ customerId, customerSecret }),
    accessToken2Auth({ appId, appCertificate, userId: 'server' }),
    accessToken2Auth({ appId, appCertificate, userId: 'server', headerStyle: 'both' }),
    tokenAuth({ token, userId: 'server' }),
    tokenAuth({ token: async () => token, userId: 'server' }),
  ]
  const authorizations = await Promise.all(strategies.map(async (strategy) => strategy.authorize('server')))
  const clients = [
    createSignalingClient(credentials),
    ...strategies.map((auth) => createSignalingClient({ appId, auth })),
  ]
  const context = createClientContext<object>({ ...credentials, userId: () => 'alice' })
  const agora = await context.clientFor({})
  const { messages, events, history, projects, experimental } = agora
  const held: readonly unknown[] = [
    [credentials, parseKeyAndSecret(`key：${customerId}\nsecret：${customerSecret}`)],
    [
      clients,
      clients.map((client) => client.as('server')),
      context,
      { req: { agora }, state: new Map([['agora', agora]]) },
    ],
    [messages, events, history, projects, experimental],
    [strategies, authorizations],
    createNotificationEndpoint({ secret: webhookSecret, onNotification: () => undefined }),
    thrown(() =>
      verifyNotification({ rawBody: '{}', headers: { 'agora-signature-v2': 'x' }, secret: webhookSecret }),
    ),
  ]
  const { authorization = '' } = authorizations[0]?.headers ?? {}
  const secrets = [customerSecret, appCertificate, token, webhookSecret, authorization.slice('Basic '.length)]
  const minted = authorizations.flatMap(({ secrets: kept }) => kept)
  // A clone of credentials is a copy, as a spread is: whoever makes one holds the values themselves.
  const lines = held.flatMap((value, index) => linesOf(value, { isCloned: index > 0 }))
  expect(leaksIn(lines, [...secrets, ...minted])).toEqual([])
  await Promise.all([...clients, context].map((one) => one.close()))
})

function thrown(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
