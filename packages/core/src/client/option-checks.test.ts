import { describe, expect, test } from 'vitest'
import { accessToken2Auth } from '../auth/access-token2.js'
import type { AccessToken2AuthOptions } from '../auth/access-token2.js'
import { basicAuth } from '../auth/basic.js'
import { basicAuthHeaders, tokenAuthHeaders } from '../auth/headers.js'
import type { TokenHeadersOptions } from '../auth/headers.js'
import type { BasicCredentials } from '../credentials/basic-credentials.js'
import { tokenAuth } from '../auth/supplied-token.js'
import type { TokenAuthOptions } from '../auth/supplied-token.js'
import { verifyNotification } from '../notifications/verify.js'
import type { VerifyNotificationOptions } from '../notifications/verify.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf } from '../test-support/failures.js'
import { unchecked } from '../test-support/unchecked.js'
import { createSignalingClient } from './client.js'
import type { IssueTokenOptions, SignalingClient } from './client.js'
import type { PullOptions } from './events.js'
import type { HistoryOptions } from './history.js'
import type { SendToChannelOptions, SendToUserOptions } from './message-options.js'
import type { UncheckedClientOptions } from './options.js'
import type { ListProjectsOptions } from './projects.js'
import type { PublishOptions } from './publish.js'
import type { RequestOptions } from './request.js'
import type { SendManyOptions } from './send-many-options.js'

useCleanEnvironment()

/** What takes options, what it is called with, and values of a wrong type for each option: none may be forgotten. */
interface Taker<Options> {
  readonly call: (options: unknown) => unknown
  readonly good: Options
  readonly wrong: { readonly [Name in Extract<keyof Options, string>]-?: readonly unknown[] }
}

function taker<Options extends object>(
  owner: string,
  // What TypeScript would refuse is what is tested.
  call: (options: Options) => unknown,
  { good, wrong }: Pick<Taker<Options>, 'good' | 'wrong'>,
): readonly [string, Taker<object>] {
  return [owner, { call: (options): unknown => Reflect.apply(call, undefined, [options]), good, wrong }]
}

const noText = [7, null, {}, [], true, () => 'text']
const noNumber = ['7', null, {}, true]
const noFunction = ['log', null, {}, true]
const noYesOrNo = ['true', 'false', 0, 1, null, {}]
const noLimit = ['1000', null, 0, -1, Number.NaN, Infinity, 2 ** 31, true]
const noSignal = [true, null, {}, { aborted: false }, new AbortController()]
const noObject = [7, null, 'text', true, []]
const noQuota = ['7', null, {}, true, [], () => 7]

const limits = { timeoutMs: noLimit, signal: noSignal }
const secret = 'notification-secret'
const account = { appId, customerId, customerSecret }

const factories: readonly (readonly [string, Taker<object>])[] = [
  taker<UncheckedClientOptions>(
    'createSignalingClient()',
    (options) => Reflect.apply(createSignalingClient, undefined, [options]),
    {
      good: account,
      wrong: {
        appId: noText,
        baseUrl: noText,
        insecureHost: noText,
        area: ['mars', 'US', 7, null],
        timeoutMs: noLimit,
        attemptTimeoutMs: noLimit,
        maxAttempts: ['4', null, 0, 11, 1.5, Infinity],
        quotas: [true, 'off', null, 100, [], () => 100],
        logger: [
          {},
          true,
          null,
          'console',
          { debug: 1, info: 1, warn: 1, error: 1 },
          { warn: () => undefined },
        ],
        logLevel: ['verbose', 'WARN', 3, null, true],
        headerStyle: ['bearer', null, 7, ['both']],
        dispatcher: [{}, null, true, () => undefined, { dispatch: true }],
        auth: [{}, true, null, basicAuth, 'Basic'],
        customerId: noText,
        customerSecret: noText,
        appCertificate: noText,
        token: [7, null, {}, [], true],
        userId: noText,
      },
    },
  ),
  taker<BasicCredentials>('basicAuth()', basicAuth, {
    good: { customerId, customerSecret },
    wrong: { customerId: noText, customerSecret: noText },
  }),
  taker<BasicCredentials>('basicAuthHeaders()', basicAuthHeaders, {
    good: { customerId, customerSecret },
    wrong: { customerId: noText, customerSecret: noText },
  }),
  taker<AccessToken2AuthOptions>('accessToken2Auth()', accessToken2Auth, {
    good: { appId, appCertificate, userId: 'server' },
    wrong: {
      appId: noText,
      appCertificate: noText,
      userId: noText,
      ttlSeconds: noNumber,
      headerStyle: ['bearer', null, 7],
      maxCachedTokens: noNumber,
    },
  }),
  taker<TokenAuthOptions>('tokenAuth()', tokenAuth, {
    good: { token: '007', userId: 'server' },
    wrong: { token: [7, null, {}, [], true], userId: noText, headerStyle: ['bearer', null, 7] },
  }),
  taker<TokenHeadersOptions>('tokenAuthHeaders()', tokenAuthHeaders, {
    good: { token: '007' },
    wrong: { token: noText, userId: noText, headerStyle: ['bearer', null, 7] },
  }),
  taker<SendManyOptions>('sendMany()', (options) => clientOf().messages.sendMany([], options), {
    good: {},
    wrong: {
      concurrency: noNumber,
      onProgress: noFunction,
      signal: noSignal,
      resume: [3, 'x', {}, { nextIndex: 3 }, { nextIndex: 1, notSent: [1] }],
      keepOutcomes: ['some', true],
    },
  }),
  taker<VerifyNotificationOptions>('verifyNotification()', verifyNotification, {
    good: { rawBody: '{}', headers: {}, secret },
    // What is wrong with the body and the secret has codes of its own.
    wrong: {
      rawBody: [],
      headers: noObject.filter((value) => !Array.isArray(value)),
      secret: [],
      allowSha1: noYesOrNo,
    },
  }),
]

function clientOf(): SignalingClient {
  return createSignalingClient({ ...account, appCertificate, userId: 'server' })
}

const payload = 'hello'
const send = {
  from: noText,
  payload: noText,
  enableHistoricalMessaging: noYesOrNo,
  retryUnsafe: noYesOrNo,
  ...limits,
}

const methods: readonly (readonly [string, Taker<object>])[] = [
  taker<SendToUserOptions>('sendToUser()', (options) => clientOf().messages.sendToUser(options), {
    good: { payload, to: 'bob' },
    wrong: { ...send, to: noText, waitForAck: noYesOrNo, enableOfflineMessaging: noYesOrNo },
  }),
  taker<SendToChannelOptions>('sendToChannel()', (options) => clientOf().messages.sendToChannel(options), {
    good: { payload, channel: 'lobby' },
    wrong: { ...send, channel: noText },
  }),
  taker<PublishOptions>('publish()', (options) => clientOf().experimental.publish(options), {
    good: { payload, channel: 'lobby' },
    wrong: {
      from: noText,
      channel: noText,
      channelType: ['stream', null, 7],
      payload: noText,
      storeInHistory: noYesOrNo,
      customType: [...noText, ''],
      retryUnsafe: noYesOrNo,
      ...limits,
    },
  }),
  taker<HistoryOptions>('history.list()', (options) => clientOf().history.list(options), {
    good: { channel: 'lobby' },
    wrong: {
      channel: noText,
      channelType: ['stream', null, 7],
      userId: noText,
      before: ['2026-01-01', null, {}, true],
      until: ['2026-01-01', null, {}, true],
      limit: noNumber,
      ...limits,
    },
  }),
  taker<PullOptions>('pullUserEvents()', (options) => clientOf().events.pullUserEvents(options), {
    good: {},
    wrong: limits,
  }),
  taker<PullOptions>('pullChannelEvents()', (options) => clientOf().events.pullChannelEvents(options), {
    good: {},
    wrong: limits,
  }),
  taker<ListProjectsOptions>('projects.list()', (options) => clientOf().projects.list(options), {
    good: {},
    wrong: limits,
  }),
  taker<RequestOptions>('request()', (options) => clientOf().request(options), {
    good: { method: 'GET', path: '/dev/v1/anything' },
    wrong: {
      method: ['HEAD', 'get', null, 7],
      path: noText,
      query: [7, 'a=b', null, true, { name: {} }, { name: null }, { name: ['a'] }],
      // Anything that is JSON.
      body: [],
      retryUnsafe: noYesOrNo,
      ...limits,
    },
  }),
  taker<IssueTokenOptions>('issueToken()', (options) => clientOf().issueToken(options), {
    good: { userId: 'alice' },
    wrong: { userId: noText, ttlSeconds: noNumber },
  }),
]

/** What a call throws, or is rejected with. */
async function refusalOf(call: () => unknown) {
  return rejectionOf((async () => call())())
}

const near = (name: string): string => `${name.slice(0, -1)}x${name.slice(-1)}`

describe.each([...factories, ...methods])('%s', (owner, { call, good, wrong }) => {
  test('refuses a name that does not exist, and lists those that do', async () => {
    const error = await refusalOf(() => call({ ...good, colour: 'blue' }))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain(`${owner} has no `)
    for (const name of Object.keys(wrong)) expect(error.message).toContain(name)
  })

  test.each(Object.keys(wrong))('tells that %s was meant by a name near it', async (name) => {
    for (const misspelt of [near(name), name.toUpperCase(), `${name}s`]) {
      if (Object.hasOwn(wrong, misspelt)) continue
      const error = await refusalOf(() => call({ ...good, [misspelt]: undefined }))
      expect(error.code).toBe('ERR_CONFIG_INVALID')
      expect(error.message).toContain(`"${misspelt}". Did you mean ${name}?`)
    }
  })

  test.each([null, 7, 'text', [], () => undefined])('refuses %j in place of an object', async (options) => {
    const error = await refusalOf(() => call(options))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toContain(`of ${owner} must be one object`)
  })

  test('refuses a client in place of an object', async () => {
    const error = await refusalOf(() => call(clientOf()))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toContain('was given a client')
  })
})

/** What such a value is decides its code, and not where it came from. */
const codesOfTheirOwn: ReadonlyMap<string, string> = new Map([
  ['appId', 'ERR_INVALID_APP_ID'],
  ['appCertificate', 'ERR_INVALID_APP_CERTIFICATE'],
  ['userId', 'ERR_INVALID_USER_ID'],
  ['ttlSeconds', 'ERR_INVALID_TTL'],
])

const wrongValues = (takers: typeof factories) =>
  takers.flatMap(([owner, { call, good, wrong }]) =>
    Object.entries<readonly unknown[]>(wrong).flatMap(([name, values]) =>
      values.map((value) => ({ owner, name, value, call: () => call({ ...good, [name]: value }) })),
    ),
  )

test.each(wrongValues(factories))('$owner refuses a $name that is $value', async ({ owner, name, call }) => {
  const error = await refusalOf(call)
  const code = codesOfTheirOwn.get(name)
  expect(error).toMatchObject(
    code === undefined
      ? { name: 'AgoraConfigError', code: 'ERR_CONFIG_INVALID' }
      : { name: 'AgoraValidationError', code, argument: name },
  )
  expect(error.message).toMatch(new RegExp(`^${name} of ${owner.replace('()', '\\(\\)')} must be `))
})

test.each(wrongValues(methods))(
  '$owner refuses a $name that is $value before anything is sent',
  async ({ name, call }) => {
    expect(await refusalOf(call)).toMatchObject({ name: 'AgoraValidationError', argument: name })
  },
)

test.each([
  ['messages', noQuota],
  ['userEvents', noQuota],
  ['channelEvents', noQuota],
  ['history', noQuota],
  ['publish', noQuota],
  ['projects', noQuota],
  ['maxWaiting', noNumber],
])('quotas.%s refuses what is no quota, and names near it', async (name, values) => {
  for (const value of values) {
    const error = await refusalOf(() =>
      Reflect.apply(createSignalingClient, undefined, [{ ...account, quotas: { [name]: value } }]),
    )
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toMatch(new RegExp(`^quotas\\.${name} of createSignalingClient\\(\\) must be `))
  }
  const error = await refusalOf(() =>
    Reflect.apply(createSignalingClient, undefined, [{ ...account, quotas: { [near(name)]: 1 } }]),
  )
  expect(error.message).toContain(`"quotas.${near(name)}". Did you mean quotas.${name}?`)
})

test('a function as userId of a client is told where it belongs', async () => {
  const error = await refusalOf(() =>
    Reflect.apply(createSignalingClient, undefined, [{ ...account, userId: () => 'alice' }]),
  )
  expect(error.message).toMatch(/^userId of createSignalingClient\(\) must be text.*agoraSignaling\(\)/)
})

test('a message of many that names both receivers, or a name that does not exist, is not sent', async () => {
  const { messages } = clientOf()
  const message = { to: 'bob', payload: 'hello' }
  const items = [
    unchecked({ ...message }, { channel: 'lobby' }),
    unchecked({ ...message }, { form: 'alice' }),
  ]
  const report = await messages.sendMany(items)
  expect(report.outcomes).toMatchObject([
    {
      status: 'failed',
      error: { code: 'ERR_INVALID_ARGUMENT', argument: 'to' },
      mayHaveBeenSent: false,
    },
    { status: 'failed', error: { code: 'ERR_CONFIG_INVALID' }, mayHaveBeenSent: false },
  ])
})
