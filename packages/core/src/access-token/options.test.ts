import { describe, expect, it } from 'vitest'
import { accessToken2Auth } from '../auth/access-token2.js'
import { createSignalingClient } from '../client/client.js'
import { loadCredentials } from '../credentials/credentials.js'
import { legalCharacters } from '../test-support/legal-characters.js'
import { buildAccessToken2, buildSignalingToken } from './build.js'
import { codeOf, fromJavaScript } from './calls.test.data.js'
import { inspectToken } from './inspect.js'
import { appCertificate, appId } from './known-answers.test.data.js'
import { parseAccessToken2 } from './parse.js'
import { apaasService } from './services/apaas.js'
import { chatService } from './services/chat.js'
import { fcdnService } from './services/fcdn.js'
import { fpaService } from './services/fpa.js'
import { rtcService } from './services/rtc.js'
import { rtmService } from './services/rtm.js'
import { rtm2Service } from './services/rtm2.js'
import { ServiceType } from './services/service-type.js'
import { streamingService } from './services/streaming.js'
import { listTokenChecks, verifyAccessToken2 } from './verify.js'

const token = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 60 })
const verifying = { appId, appCertificate }
const building = { appId, appCertificate, ttlSeconds: 60 }
const inChannel = { channelName: 'stage', account: 'alice' }

type Changes = Readonly<Record<string, unknown>>
type Call = (changes: Changes) => unknown

/** A sound call of each function that takes options, and a name that is nearly one of them. */
const calls: readonly (readonly [name: string, misspelt: string, meant: string, call: Call])[] = [
  [
    'buildAccessToken2()',
    'issuedAt',
    'issuedAtSeconds',
    (changes) =>
      fromJavaScript(buildAccessToken2, {
        ...building,
        services: [rtmService({ userId: 'alice' })],
        ...changes,
      }),
  ],
  [
    'buildSignalingToken()',
    'userID',
    'userId',
    (changes) => fromJavaScript(buildSignalingToken, { ...building, userId: 'alice', ...changes }),
  ],
  [
    'verifyAccessToken2()',
    'requires',
    'require',
    (changes) => fromJavaScript(verifyAccessToken2, token, { ...verifying, ...changes }),
  ],
  [
    'require of verifyAccessToken2()',
    'userID',
    'userId',
    (changes) =>
      fromJavaScript(verifyAccessToken2, token, {
        ...verifying,
        require: { type: ServiceType.Rtm, ...changes },
      }),
  ],
  [
    'inspectToken()',
    'certificate',
    'appCertificate',
    (changes) => fromJavaScript(inspectToken, token, { appId, ...changes }),
  ],
  [
    'listTokenChecks()',
    'requires',
    'require',
    (changes) => fromJavaScript(listTokenChecks, token, { ...verifying, ...changes }),
  ],
  [
    'rtcService()',
    'channel',
    'channelName',
    (changes) => fromJavaScript(rtcService, { ...inChannel, ...changes }),
  ],
  ['rtmService()', 'userID', 'userId', (changes) => fromJavaScript(rtmService, { userId: 'a', ...changes })],
  [
    'streamingService()',
    'acount',
    'account',
    (changes) => fromJavaScript(streamingService, { ...inChannel, ...changes }),
  ],
  [
    'fpaService()',
    'loginTTLSecond',
    'loginTtlSeconds',
    (changes) => fromJavaScript(fpaService, { ...changes }),
  ],
  [
    'chatService()',
    'userID',
    'userId',
    (changes) => fromJavaScript(chatService, { userId: 'a', ...changes }),
  ],
  [
    'fcdnService()',
    'playTtl',
    'playTtlSeconds',
    (changes) => fromJavaScript(fcdnService, { ...inChannel, ...changes }),
  ],
  ['apaasService()', 'roomUUID', 'roomUuid', (changes) => fromJavaScript(apaasService, { ...changes })],
  [
    'rtm2Service()',
    'permission',
    'permissions',
    (changes) => fromJavaScript(rtm2Service, { userId: 'a', ...changes }),
  ],
]

describe('an option that does not exist is refused, for a check or a right would be lost in silence', () => {
  it.each(calls)('%s: %s, where %s was meant', (name, misspelt, meant, call) => {
    expect(codeOf(() => call({}))).toBe('none')
    expect(codeOf(() => call({ [misspelt]: 'alice' }))).toBe('ERR_CONFIG_INVALID')
    const said = `${name} has no option "${misspelt}".`
    expect(() => call({ [misspelt]: 'alice' })).toThrow(said)
    expect(() => call({ [misspelt]: undefined })).toThrow(said)
    expect(() => call({ [misspelt.slice(0, -1)]: 'alice', [misspelt]: 'alice' })).toThrow(/has no option/)
    expect(() => call({ [misspelt]: 'alice' })).toThrow(
      // Some names are too far from what was meant to be guessed. All options are listed then.
      new RegExp(`Did you mean ${meant}\\?|The options are .*${meant}`),
    )
  })

  it('takes along what parsing and verifying return, when a token is built again', () => {
    const options = { appCertificate, salt: 1, issuedAtSeconds: 1_700_000_000 }
    const again = buildAccessToken2({ ...parseAccessToken2(token), ...options })
    const verified = verifyAccessToken2(token, { ...verifying, require: { type: 2, privilege: 1 } })
    expect(buildAccessToken2({ ...verified, ...options })).toBe(again)
  })
})

/** Everything that takes an App ID and a certificate. */
const takers: readonly (readonly [name: string, call: Call])[] = [
  ['createSignalingClient', (changes) => fromJavaScript(createSignalingClient, { ...minting, ...changes })],
  [
    'loadCredentials',
    (changes) => {
      const given = { ...minting, ...changes }
      return fromJavaScript(loadCredentials, {
        AGORA_APP_ID: given.appId,
        AGORA_APP_CERTIFICATE: given.appCertificate,
        AGORA_USER_ID: 'server',
      })
    },
  ],
  ['accessToken2Auth', (changes) => fromJavaScript(accessToken2Auth, { ...minting, ...changes })],
  [
    'buildSignalingToken',
    (changes) => fromJavaScript(buildSignalingToken, { ...minting, ttlSeconds: 60, ...changes }),
  ],
  [
    'buildAccessToken2',
    (changes) =>
      fromJavaScript(buildAccessToken2, { ...building, services: [rtmService({ userId: 'a' })], ...changes }),
  ],
  [
    'verifyAccessToken2',
    (changes) => fromJavaScript(verifyAccessToken2, token, { ...verifying, ...changes }),
  ],
]
const minting = { appId, appCertificate, userId: 'server' }

function build(userId: unknown): unknown {
  return fromJavaScript(buildSignalingToken, { ...building, userId })
}

describe('the same mistake has the same code everywhere', () => {
  it.each(takers)('%s', (_name, call) => {
    expect(codeOf(() => call({}))).toBe('none')
    for (const malformed of ['short', `${appId.slice(1)}g`, `${appId}0`]) {
      expect(codeOf(() => call({ appId: malformed }))).toBe('ERR_INVALID_APP_ID')
      expect(codeOf(() => call({ appCertificate: malformed }))).toBe('ERR_INVALID_APP_CERTIFICATE')
      for (const name of ['appId', 'appCertificate']) {
        expect(() => call({ [name]: malformed })).toThrow(
          /AGORA_APP_.*32 hexadecimal characters, got .*Console/,
        )
        expect(() => call({ [name]: malformed })).not.toThrow(malformed)
      }
    }
  })

  const backEnd = createSignalingClient({ appId, appCertificate, userId: 'server' })
  const issue = (userId: unknown): unknown =>
    fromJavaScript((options: { userId: string }) => backEnd.issueToken(options), { userId })

  it.each([
    ['', 'ERR_INVALID_USER_ID'],
    ['é', 'ERR_INVALID_USER_ID'],
    [' alice', 'ERR_INVALID_USER_ID'],
    ['a/b', 'ERR_INVALID_USER_ID'],
    ['a\u0000', 'ERR_INVALID_USER_ID'],
    ['a'.repeat(65), 'ERR_INVALID_USER_ID'],
    [42, 'ERR_INVALID_USER_ID'],
    ['a'.repeat(64), 'none'],
    ['alice', 'none'],
  ])('buildSignalingToken and issueToken judge the user ID %j alike', (userId, code) => {
    expect([codeOf(() => build(userId)), codeOf(() => issue(userId))]).toEqual([code, code])
  })

  it('buildSignalingToken takes every character that a Signaling user ID may have', () => {
    for (const character of legalCharacters) expect(codeOf(() => build(`a${character}a`))).toBe('none')
  })

  it.each([
    ['buildSignalingToken', () => buildSignalingToken({ ...minting, ttlSeconds: 86_401 })],
    ['issueToken', () => backEnd.issueToken({ userId: 'alice', ttlSeconds: 86_401 })],
    ['accessToken2Auth', () => accessToken2Auth({ ...minting, ttlSeconds: 86_401 })],
    ['rtmService', () => rtmService({ userId: 'alice', loginTtlSeconds: 86_401 })],
  ])('%s: a lifetime of more than 24 hours', (_name, call) => {
    expect(codeOf(call)).toBe('ERR_INVALID_TTL')
  })
})
