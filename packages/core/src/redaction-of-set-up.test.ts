import { format, inspect } from 'node:util'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import {
  accessToken2Auth,
  basicAuth,
  basicAuthHeaders,
  buildAccessToken2,
  buildSignalingToken,
  createSignalingClient,
  inspectToken,
  isAgoraError,
  loadCredentials,
  parseAccessToken2,
  parseKeyAndSecret,
  rtcService,
  tokenAuth,
  tokenAuthHeaders,
  verifyAccessToken2,
} from './index.js'
import type { SignalingClient } from './index.js'
import { createClientContext, createTokenEndpoint, toHttpError } from './adapter.js'
import { clientRuntime } from './runtime.js'
import { appId, customerId } from './test-support/account.js'
import { useCleanEnvironment } from './test-support/clean-environment.js'
import { skippingRuntime } from './test-support/skipping-runtime.js'
import { startServer, unusedPort } from './test-support/local-server.js'
import type { LocalServer } from './test-support/local-server.js'
import { unchecked } from './test-support/unchecked.js'

useCleanEnvironment()

// Made for this file: whatever prints one of these prints a secret.
const customerSecret = '5ec2e75ec2e75ec2e75ec2e75ec2e75e'
const appCertificate = 'ce27ce27ce27ce27ce27ce27ce27ce27'
const foreignCertificate = '0fce270fce270fce270fce270fce270f'
const signKey = '519ecec519ecec519ecec519ecec519e'
const badSecret = '5ec2e7-with-a-line-break'
const badCertificate = 'ce27-too-short'
const rtcToken = buildAccessToken2({
  appId,
  appCertificate: foreignCertificate,
  ttlSeconds: 60,
  services: [rtcService({ channelName: 'stage', account: 'server' })],
})
const foreignToken = buildSignalingToken({
  appId,
  appCertificate: foreignCertificate,
  userId: 'server',
  ttlSeconds: 60,
})
const payload = 'payload-that-is-nobody-elses-business'

/** Everything that may not appear, each secret also in Base64. */
function secretsOf(tokens: Iterable<string>): string[] {
  const plain = [
    customerSecret,
    appCertificate,
    foreignCertificate,
    signKey,
    badSecret,
    badCertificate,
    payload,
  ]
  const pairs = [`${customerId}:${customerSecret}`, `${customerId}:${badSecret}`]
  const encoded = [...plain, ...pairs].map((text) => Buffer.from(text).toString('base64').replace(/=+$/, ''))
  // The head of a token is an App ID and a signature of random bytes: a third of it gives nothing away by chance.
  const tokenParts = [...tokens].flatMap((token) => [token, token.slice(30, 60), token.slice(-30)])
  return [...plain, ...encoded, ...tokenParts]
}

/** A server that fails in the way the query asks for, and repeats what it was sent wherever it can. */
function startEchoServer(tokens: Set<string>): Promise<LocalServer> {
  return startServer((request, response) => {
    const { authorization = '', 'x-agora-token': token = '' } = request.headers
    const minted = authorization.split('token=')[1]
    if (minted !== undefined) tokens.add(minted)
    const pair = authorization.startsWith('Basic ') ? Buffer.from(authorization.slice(6), 'base64') : ''
    const echo = `${authorization} ${String(token)} ${String(pair)}`

    const url = new URL(request.url ?? '', 'http://localhost')
    const how = url.searchParams.get('how') ?? url.pathname.split('/').at(-1) ?? ''
    const answers: Readonly<Record<string, () => unknown>> = {
      never: () => undefined,
      reset: () => request.socket.destroy(),
      html: () => response.writeHead(502).end(`<html>${echo}</html>`),
      text: () => response.end(echo),
      cut: () => response.end(`{"sign_key":"${signKey}"`),
      large: () => response.end('x'.repeat(10 * 1024 * 1024 + 1)),
      redirect: () => response.writeHead(302, { location: `/${encodeURIComponent(echo)}` }).end(),
      projects: () =>
        response.end(JSON.stringify({ projects: [{ id: '1', vendor_key: appId, sign_key: signKey }] })),
      user_events: () => response.end('{"events":[{"user_id":"a","type":"Login","ms":1},7]}'),
    }
    const status = /^\d+$/.test(how) ? Number(how) : 401
    const refuse = (): unknown =>
      response.writeHead(status, { 'x-emulator-reason': echo }).end(JSON.stringify({ message: echo }))
    const answer = answers[how] ?? refuse
    answer()
  })
}

/** How things get into a log. */
function printed(value: unknown): string[] {
  const texts = [
    inspect(value, { depth: 10, showHidden: true }),
    format(value),
    format('%s %o %O %j', value, value, value, value),
    JSON.stringify({ value }),
    String(value),
  ]
  if (value instanceof Error) {
    texts.push(value.message, value.stack ?? '', JSON.stringify(toHttpError(value)))
    texts.push(inspect(Object.entries(value), { depth: 10 }), ...printed(value.cause))
  }
  return texts
}

const output: string[] = []

beforeEach(() => {
  output.length = 0
  const record = (...values: unknown[]): void => void output.push(format(...values))
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation(record)
  }
  vi.spyOn(process, 'emitWarning').mockImplementation(record)
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('a session in which everything fails prints no secret', async () => {
  const tokens = new Set([rtcToken, foreignToken])
  const server = await startEchoServer(tokens)
  const baseUrl = server.url
  const credentials = loadCredentials({
    AGORA_APP_ID: appId,
    AGORA_CUSTOMER_ID: customerId,
    AGORA_CUSTOMER_SECRET: customerSecret,
    AGORA_APP_CERTIFICATE: appCertificate,
  })
  const common = { baseUrl, [clientRuntime]: skippingRuntime() }
  const basic = createSignalingClient({ ...credentials, ...common })
  const minting = createSignalingClient({
    appId,
    appCertificate,
    userId: 'server',
    headerStyle: 'both',
    ...common,
  })
  const fetching = createSignalingClient({ appId, token: () => rtcToken, userId: 'server', ...common })
  const holding = createSignalingClient({
    appId,
    token: foreignToken,
    userId: 'server',
    headerStyle: 'x-agora',
    ...common,
  })
  const context = createClientContext({ ...credentials, baseUrl, userId: () => undefined })
  const clients = [basic, minting, fetching, holding]
  onTestFinished(async () => {
    await Promise.all([...clients, context].map((closing) => closing.close()))
  })

  const message = { to: 'bob', payload }
  const unreachable = (origin: string): Promise<unknown> =>
    createSignalingClient({ ...credentials, ...common, baseUrl: origin }).projects.list()
  const closed = createSignalingClient({ ...credentials, baseUrl })
  await closed.close()

  const session: readonly (() => unknown)[] = [
    // What goes well and can be logged.
    () => [credentials, ...clients, clients.map((client) => client.as('server')), context],
    () => [
      basicAuth({ customerId, customerSecret }),
      accessToken2Auth({ appId, appCertificate, userId: 'server' }),
    ],
    () => [
      tokenAuth({ token: foreignToken, userId: 'server' }),
      tokenAuth({ token: () => rtcToken, userId: 'server' }),
    ],
    () => parseKeyAndSecret(`key：${customerId}\r\nsecret：${customerSecret}`),
    () => parseKeyAndSecret(`key：${customerId}\r\nsecret：${badSecret}`),
    () => basic.projects.list(),
    () => basic.events.pullUserEvents(),
    () => inspectToken(rtcToken, { appId, appCertificate, userId: 'server' }).findings,
    // Set-up.
    () => basicAuthHeaders({ customerId, customerSecret: `${badSecret}\n` }),
    () => tokenAuthHeaders({ token: `${foreignToken}\r\n` }),
    () => parseKeyAndSecret(`secret：${customerSecret}`),
    () => parseKeyAndSecret(`key：a\nsecret：${customerSecret}\nsecret：${badSecret}`),
    () => loadCredentials({ AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: badCertificate }),
    () => loadCredentials({ AGORA_APP_ID: appId, VITE_AGORA_CUSTOMER_SECRET: customerSecret }),
    () =>
      loadCredentials({
        AGORA_APP_ID: appId,
        AGORA_REST_SECRET: badSecret,
        AGORA_CUSTOMER_SECRET: customerSecret,
      }),
    () => createSignalingClient({ appId, appCertificate: badCertificate, userId: 'server' }),
    () => createSignalingClient({ appId, token: `${foreignToken}\n`, userId: 'server' }),
    () =>
      createSignalingClient(
        unchecked<object>({ appId, appCertificate }, { token: foreignToken, userId: 'a' }),
      ),
    () =>
      createSignalingClient({
        appId,
        customerId,
        customerSecret,
        baseUrl: `https://${customerSecret}@agora.io`,
      }),
    () => buildSignalingToken({ appId, appCertificate: badCertificate, userId: 'a', ttlSeconds: 60 }),
    // Tokens.
    () => parseAccessToken2(foreignToken.slice(0, -8)),
    () => verifyAccessToken2(foreignToken, { appId, appCertificate }),
    () => verifyAccessToken2(rtcToken, { appId, appCertificate: foreignCertificate, require: { type: 2 } }),
    // Identity and arguments.
    () => holding.as('alice'),
    () => minting.messages.sendToUser({ from: 'alice', ...message }),
    async () => (await context.clientFor(undefined)).messages.sendToUser(message),
    () => basic.messages.sendToUser({ from: 'alice', to: 'bob', payload: payload.repeat(1000) }),
    () =>
      createTokenEndpoint<unknown>({ userId: () => 'a/b' })({
        method: 'GET',
        hostRequest: {},
        client: basic,
      }),
    () => basic.request({ method: 'GET', path: `/..?${customerSecret}` }),
    () => closed.projects.list(),
    // Answers that are no success, with each way to authenticate.
    ...clients.flatMap(refusedCalls),
    // No answer.
    () => ask(basic, 'large'),
    () => ask(basic, 'never', 20),
    () => basic.request({ method: 'GET', path: '/x', signal: AbortSignal.abort() }),
    async () => unreachable(`http://127.0.0.1:${await unusedPort()}`),
    () => unreachable(`https://${server.host}`),
  ]

  const codes = new Set<string>()
  const texts: string[] = []
  const take = (value: unknown): void => {
    if (isAgoraError(value)) codes.add(value.code)
    texts.push(...printed(value))
  }
  for (const step of session) take(await outcomeOf(step))

  // The session was one: it met each kind of failure.
  expect([...codes].toSorted()).toEqual([
    'ERR_ABORTED',
    'ERR_BAD_REQUEST',
    'ERR_CLIENT_CLOSED',
    'ERR_CONFIG_CONFLICT',
    'ERR_CONFIG_INVALID',
    'ERR_CONFIG_MISSING',
    'ERR_CONNECTION_REFUSED',
    'ERR_CONNECTION_RESET',
    'ERR_FORBIDDEN',
    'ERR_IDENTITY_MISSING',
    'ERR_INVALID_APP_CERTIFICATE',
    'ERR_INVALID_CREDENTIAL',
    'ERR_INVALID_PATH',
    'ERR_INVALID_PAYLOAD',
    'ERR_INVALID_RESPONSE',
    'ERR_INVALID_TOKEN',
    'ERR_INVALID_USER_ID',
    'ERR_NOT_FOUND',
    'ERR_RATE_LIMITED',
    'ERR_REJECTED_CONTENT',
    'ERR_RESPONSE_TOO_LARGE',
    'ERR_SECRET_EXPOSED',
    'ERR_SENDER_MISMATCH',
    'ERR_TIMEOUT',
    'ERR_TLS',
    'ERR_TOKEN_SERVICE',
    'ERR_TOKEN_SIGNATURE',
    'ERR_TOKEN_ZLIB',
    'ERR_UNAUTHORIZED',
    'ERR_UPSTREAM',
  ])
  expect(tokens.size).toBeGreaterThan(2)
  expect(output).not.toHaveLength(0)

  const everything = [...texts, ...output].join('\n')
  const leaked = secretsOf(tokens).filter((secret) => everything.includes(secret))
  expect(leaked).toEqual([])
})

function ask(client: SignalingClient, how: string, timeoutMs = 5000): Promise<unknown> {
  return client.request({ method: 'POST', path: '/x', query: { how }, body: payload, timeoutMs })
}

function refusedCalls(client: SignalingClient): (() => unknown)[] {
  const { messages, history, experimental } = client.as('server')
  const hows = ['400', '401', '403', '404', '429', '435', '500', 'html', 'text', 'cut', 'redirect', 'reset']
  return [
    () => messages.sendToUser({ to: 'bob', payload }),
    () => messages.sendToChannel({ channel: 'lobby', payload }),
    () => history.list({ channel: 'lobby' }).page(),
    () => experimental.publish({ channel: 'lobby', payload }),
    ...hows.map((how) => () => ask(client, how)),
  ]
}

/** What a step gives or how it fails. */
async function outcomeOf(step: () => unknown): Promise<unknown> {
  try {
    return await step()
  } catch (error) {
    return error
  }
}
