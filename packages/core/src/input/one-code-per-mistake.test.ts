import { describe, expect, test } from 'vitest'
import { buildAccessToken2, buildSignalingToken } from '../access-token/build.js'
import { rtcService } from '../access-token/services/rtc.js'
import { rtmService } from '../access-token/services/rtm.js'
import { streamingService } from '../access-token/services/streaming.js'
import { listTokenChecks, verifyAccessToken2 } from '../access-token/verify.js'
import { createClientContext } from '../adapter/context.js'
import { createTokenEndpoint } from '../adapter/token-endpoint.js'
import { accessToken2Auth } from '../auth/access-token2.js'
import { tokenAuth } from '../auth/supplied-token.js'
import { createSignalingClient } from '../client/client.js'
import { loadCredentials } from '../credentials/credentials.js'
import { isAgoraError } from '../errors.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'

useCleanEnvironment()

type EntryPoint = (value: unknown) => unknown
type EntryPoints = Readonly<Record<string, EntryPoint>>

/** Calls as JavaScript can: with what the types do not allow. */
function call(target: (...args: never[]) => unknown, ...args: unknown[]): unknown {
  const result: unknown = Reflect.apply(target, undefined, args)
  return result
}

const minting = { appId, appCertificate, userId: 'server' }
const customer = { appId, customerId, customerSecret }
const token = buildSignalingToken({ ...minting, ttlSeconds: 60 })
const services = [rtmService({ userId: 'alice' })]
const client = () => createSignalingClient({ ...customer, appCertificate })
const { messages, history, experimental } = client()

/** Everything that takes options of an account, with one of them replaced. */
const accountOptions = (name: 'appId' | 'appCertificate'): EntryPoints => ({
  createSignalingClient: (value) => call(createSignalingClient, { ...minting, [name]: value }),
  agoraSignaling: (value) => call(createClientContext, { ...minting, [name]: value }),
  accessToken2Auth: (value) => call(accessToken2Auth, { ...minting, [name]: value }),
  buildSignalingToken: (value) => call(buildSignalingToken, { ...minting, ttlSeconds: 60, [name]: value }),
  buildAccessToken2: (value) =>
    call(buildAccessToken2, { appId, appCertificate, ttlSeconds: 60, services, [name]: value }),
  verifyAccessToken2: (value) => call(verifyAccessToken2, token, { appId, appCertificate, [name]: value }),
  listTokenChecks: (value) => call(listTokenChecks, token, { appId, appCertificate, [name]: value }),
})

/** The environment holds text alone, and white space around it is dropped. */
const variable = (name: string): EntryPoints => ({
  loadCredentials: (value) =>
    call(loadCredentials, {
      AGORA_APP_ID: appId,
      AGORA_APP_CERTIFICATE: appCertificate,
      AGORA_USER_ID: 'server',
      [name]: value,
    }),
})

/** The `userId` of `agoraSignaling()` is missing: it is a function that finds users, or else that of a client. */
const users: EntryPoints = {
  createSignalingClient: (value) => call(createSignalingClient, { ...minting, userId: value }),
  'createSignalingClient with Basic': (value) => call(createSignalingClient, { ...customer, userId: value }),
  'client.as': (value) => call((userId: never) => client().as(userId), value),
  accessToken2Auth: (value) => call(accessToken2Auth, { ...minting, userId: value }),
  tokenAuth: (value) => call(tokenAuth, { token, userId: value }),
  buildSignalingToken: (value) => call(buildSignalingToken, { ...minting, ttlSeconds: 60, userId: value }),
  issueToken: (value) => call((options: never) => client().issueToken(options), { userId: value }),
  'sendToUser: to': (value) =>
    call((options: never) => messages.sendToUser(options), { from: 'a', to: value, payload: 'x' }),
  'sendToUser: from': (value) =>
    call((options: never) => messages.sendToUser(options), { from: value, to: 'a', payload: 'x' }),
  'sendToChannel: from': (value) =>
    call((options: never) => messages.sendToChannel(options), { from: value, channel: 'a', payload: 'x' }),
  'history.list: userId': (value) =>
    call((options: never) => history.list(options), { userId: value, channel: 'a' }),
  'history.list: a user as channel': (value) =>
    call((options: never) => history.list(options), { userId: 'a', channelType: 'user', channel: value }),
  'publish: from': (value) =>
    call((options: never) => experimental.publish(options), { from: value, channel: 'a', payload: 'x' }),
}

const channels: EntryPoints = {
  sendToChannel: (value) =>
    call((options: never) => messages.sendToChannel(options), { from: 'a', channel: value, payload: 'x' }),
  'history.list': (value) => call((options: never) => history.list(options), { userId: 'a', channel: value }),
  publish: (value) =>
    call((options: never) => experimental.publish(options), { from: 'a', channel: value, payload: 'x' }),
}

/** Token services hold the channel names of other products, which have other characters. */
const channelsOfServices: EntryPoints = {
  rtcService: (value) => call(rtcService, { channelName: value, account: 'a' }),
  streamingService: (value) => call(streamingService, { channelName: value, account: 'a' }),
}

const payloads: EntryPoints = {
  sendToUser: (value) =>
    call((options: never) => messages.sendToUser(options), { from: 'a', to: 'b', payload: value }),
  sendToChannel: (value) =>
    call((options: never) => messages.sendToChannel(options), { from: 'a', channel: 'b', payload: value }),
  publish: (value) =>
    call((options: never) => experimental.publish(options), { from: 'a', channel: 'b', payload: value }),
  sendMany: async (value) => {
    const report: unknown = await call(
      (options: never) => messages.sendMany(options),
      [{ from: 'a', to: 'b', payload: value }],
    )
    throw failureIn(report)
  },
}

const lifetimes: EntryPoints = {
  buildSignalingToken: (value) => call(buildSignalingToken, { ...minting, ttlSeconds: value }),
  buildAccessToken2: (value) =>
    call(buildAccessToken2, { appId, appCertificate, services, ttlSeconds: value }),
  issueToken: (value) =>
    call((options: never) => client().issueToken(options), { userId: 'a', ttlSeconds: value }),
  accessToken2Auth: (value) => call(accessToken2Auth, { ...minting, ttlSeconds: value }),
  tokenRoute: (value) => call(createTokenEndpoint, { userId: () => 'a', ttlSeconds: value }),
}

/** 0 is not a mistake here: the privilege lasts as long as the token. */
const lifetimesOfPrivileges: EntryPoints = {
  rtmService: (value) => call(rtmService, { userId: 'a', loginTtlSeconds: value }),
}

const noText = [42, null, {}, [], true]
const noId = ['short', `${appId.slice(1)}g`, `${appId}0`]
const noLifetime = [-1, 1.5, 86_401, NaN, Infinity, '3600', null, {}, 1_800_000_000, new Date(0)]
const noName = ['', ' a', 'a ', 'é', 'a/b', 'a\u0000', 'a'.repeat(65)]

const families: readonly (readonly [code: string, entryPoints: EntryPoints, mistakes: readonly unknown[]])[] =
  [
    ['ERR_INVALID_APP_ID', accountOptions('appId'), [...noId, ` ${appId}`, ...noText]],
    ['ERR_INVALID_APP_ID', variable('AGORA_APP_ID'), noId],
    [
      'ERR_INVALID_APP_CERTIFICATE',
      accountOptions('appCertificate'),
      [...noId, ` ${appCertificate}`, 42, null, {}, true],
    ],
    ['ERR_INVALID_APP_CERTIFICATE', variable('AGORA_APP_CERTIFICATE'), noId],
    ['ERR_INVALID_USER_ID', users, [...noName, ...noText]],
    ['ERR_INVALID_CHANNEL', channels, [...noName, ...noText]],
    ['ERR_INVALID_CHANNEL', channelsOfServices, ['a'.repeat(65), ...noText]],
    ['ERR_INVALID_PAYLOAD', payloads, ['', 'x'.repeat(32_769), ...noText]],
    ['ERR_INVALID_TTL', lifetimes, [0, ...noLifetime]],
    ['ERR_INVALID_TTL', lifetimesOfPrivileges, noLifetime],
  ]

const cases = families.flatMap(([code, entryPoints, mistakes]) =>
  Object.entries(entryPoints).map(([name, entry]) => ({ code, name, entry, mistakes })),
)

describe('the same mistake has the same code, wherever it is made', () => {
  test.each(cases)('$code: $name', async ({ code, entry, mistakes }) => {
    const codes = await Promise.all(mistakes.map(async (mistake) => [mistake, await codeOf(entry, mistake)]))
    expect(codes).toEqual(mistakes.map((mistake) => [mistake, code]))
  })
})

async function codeOf(entry: EntryPoint, value: unknown): Promise<string> {
  try {
    await entry(value)
  } catch (error) {
    return isAgoraError(error) ? error.code : String(error)
  }
  return 'none'
}

function failureIn(report: unknown): unknown {
  if (typeof report !== 'object' || report === null || !('outcomes' in report)) return report
  const outcome: unknown = Array.isArray(report.outcomes) ? report.outcomes[0] : undefined
  return typeof outcome === 'object' && outcome !== null && 'error' in outcome ? outcome.error : outcome
}
