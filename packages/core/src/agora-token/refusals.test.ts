import { describe, expect, it } from 'vitest'
import * as builders from '../agora-token.js'
import { appCertificate, appId } from '../access-token/known-answers.test.data.js'
import { AgoraValidationError } from '../errors.js'
import { thrownBy } from '../test-support/failures.js'

/*
 * Where agora-token gives '' or a token that is good for nothing, the error names the argument.
 */

const now = Math.floor(Date.now() / 1000)
const e4 = [
  'joinChannelPrivilegeExpire',
  'pubAudioPrivilegeExpire',
  'pubVideoPrivilegeExpire',
  'pubDataStreamPrivilegeExpire',
]
const twelve = [
  'channelName',
  'rtcAccount',
  'rtcRole',
  'rtcTokenExpire',
  ...e4,
  'rtmUserId',
  'rtmTokenExpire',
]

/** Every method, with the names of its arguments after the App ID and the certificate. */
const methods: readonly (readonly [builder: object, method: string, names: readonly string[]])[] = [
  [
    builders.RtcTokenBuilder,
    'buildTokenWithUid',
    ['channelName', 'uid', 'role', 'tokenExpire', 'privilegeExpire'],
  ],
  [
    builders.RtcTokenBuilder,
    'buildTokenWithUserAccount',
    ['channelName', 'account', 'role', 'tokenExpire', 'privilegeExpire'],
  ],
  [builders.RtcTokenBuilder, 'buildTokenWithUidAndPrivilege', ['channelName', 'uid', 'tokenExpire', ...e4]],
  [
    builders.RtcTokenBuilder,
    'BuildTokenWithUserAccountAndPrivilege',
    ['channelName', 'account', 'tokenExpire', ...e4],
  ],
  [
    builders.RtcTokenBuilder,
    'buildTokenWithRtm',
    ['channelName', 'account', 'role', 'tokenExpire', 'privilegeExpire'],
  ],
  [builders.RtcTokenBuilder, 'buildTokenWithRtm2', twelve],
  [builders.ConvoAITokenBuilder, 'buildToken', twelve],
  [builders.SttTokenBuilder, 'buildToken', twelve],
  [builders.RtmTokenBuilder, 'buildToken', ['userId', 'expire']],
  [builders.RtmTokenBuilder, 'buildTokenWithPermissions', ['userId', 'permissions', 'expire']],
  [builders.ChatTokenBuilder, 'buildUserToken', ['userId', 'expire']],
  [builders.ChatTokenBuilder, 'buildAppToken', ['expire']],
  [builders.ApaasTokenBuilder, 'buildRoomUserToken', ['roomUuid', 'userUuid', 'role', 'expire']],
  [builders.ApaasTokenBuilder, 'buildUserToken', ['userUuid', 'expire']],
  [builders.EducationTokenBuilder, 'buildAppToken', ['expire']],
  [builders.FpaTokenBuilder, 'buildToken', []],
]

const good: Readonly<Record<string, unknown>> = {
  appId,
  appCertificate,
  channelName: 'stage',
  roomUuid: 'room',
  uid: 42,
  account: 'alice',
  rtcAccount: 'alice',
  rtmUserId: 'alice',
  userId: 'alice',
  userUuid: 'alice',
  role: 1,
  rtcRole: 1,
  permissions: new builders.Rtm2Permissions(),
}

const pointsInTime = [now + 3600, String(now + 3600), 3_600_000 + Date.now(), 2 ** 32, new Date()]
const noNumber = [Number.NaN, 'abc', '', -1, Infinity, {}, true]
const noUser = [undefined, null, Number.NaN, -5, 1.5, {}, true]
const noRole = [undefined, null, 0, 3, 101, 'publisher', '', true, Number.NaN]
const noHexId = [undefined, null, '', 'undefined', '970CA35de60c44645bbae8a215061b3', `${appId} `, 42]

/** What each argument refuses, with its code. */
const refused: Readonly<Record<string, readonly [code: string, values: readonly unknown[]]>> = {
  appId: ['ERR_INVALID_APP_ID', noHexId],
  appCertificate: ['ERR_INVALID_APP_CERTIFICATE', noHexId],
  channelName: ['ERR_INVALID_CHANNEL', [undefined, null, 42, 'x'.repeat(65), '\ud800']],
  roomUuid: ['ERR_INVALID_SERVICE', [undefined, null, 42, '']],
  uid: ['ERR_INVALID_USER_ID', [...noUser, 2 ** 40, 'x'.repeat(256), 0n]],
  account: ['ERR_INVALID_USER_ID', [...noUser, 2 ** 40, 'x'.repeat(256)]],
  rtcAccount: ['ERR_INVALID_USER_ID', [...noUser, 2 ** 40, 'x'.repeat(256)]],
  rtmUserId: ['ERR_INVALID_USER_ID', [...noUser, 'x'.repeat(256)]],
  userId: ['ERR_INVALID_USER_ID', [...noUser, '', 0, 2 ** 53, '\ud800']],
  userUuid: ['ERR_INVALID_USER_ID', [...noUser, '', 0, 2 ** 53]],
  rtcRole: ['ERR_INVALID_ARGUMENT', noRole],
  permissions: ['ERR_INVALID_SERVICE', [{}, 'abc', [], { details: { x: { 0: ['lobby'] } } }]],
  expire: ['ERR_INVALID_TTL', [undefined, null, 0, 0.5, ...noNumber, ...pointsInTime]],
  tokenExpire: ['ERR_INVALID_TTL', [undefined, null, 0, 0.5, ...noNumber, ...pointsInTime]],
  rtcTokenExpire: ['ERR_INVALID_TTL', [undefined, null, 0, 0.5, ...noNumber, ...pointsInTime]],
  rtmTokenExpire: ['ERR_INVALID_TTL', [...noNumber, ...pointsInTime]],
  privilegeExpire: ['ERR_INVALID_TTL', [...noNumber, ...pointsInTime]],
  ...Object.fromEntries(e4.map((name) => [name, ['ERR_INVALID_TTL', [...noNumber, ...pointsInTime]]])),
}
// The role in a room is another one than that in a channel.
const roleInRoom = ['ERR_INVALID_ARGUMENT', [Number.NaN, 'teacher', 1.5, 2 ** 16]] as const
const roleInChannel = ['ERR_INVALID_ARGUMENT', noRole] as const

function call(builder: object, method: string, args: readonly unknown[]): unknown {
  const build: unknown = Reflect.get(builder, method)
  if (typeof build !== 'function') throw new TypeError(`there is no ${method}`)
  return Reflect.apply(build, undefined, args)
}

describe.each(methods)('%o.%s', (builder, method, afterProject) => {
  const names = ['appId', 'appCertificate', ...afterProject]
  const args = names.map((name) => (name in good ? good[name] : 60))

  it('takes a good call', () => {
    expect(call(builder, method, args)).toMatch(/^007/)
  })

  it.each(names)('says that %s is at fault', (name) => {
    const isRole = name === 'role'
    const ruleOfRole = names.includes('roomUuid') ? roleInRoom : roleInChannel
    const [code, values] = (isRole ? ruleOfRole : refused[name]) ?? ['no rule', []]
    expect(values.length).toBeGreaterThan(0)
    for (const value of values) {
      const error = thrownBy(() => call(builder, method, args.with(names.indexOf(name), value)))
      expect(error, `${name}: ${String(value)}`).toBeInstanceOf(AgoraValidationError)
      expect(error, `${name}: ${String(value)}`).toMatchObject({ code })
      expect(error.message).toContain(name)
      expect(error.message).not.toContain(appCertificate)
    }
  })
})

it('says what a point in time should have been', () => {
  expect(
    thrownBy(() => call(builders.RtmTokenBuilder, 'buildToken', [appId, appCertificate, 'alice', now + 3600]))
      .message,
  ).toBe(
    'expire is a duration from now, got what looks like a point in time. Pass the number of seconds to live, 1 to 86400.',
  )
})

it('says which roles there are', () => {
  const args = [appId, appCertificate, 'stage', 42, 'publisher', 60]
  expect(thrownBy(() => call(builders.RtcTokenBuilder, 'buildTokenWithUid', args)).message).toBe(
    'role must be RtcRole.PUBLISHER (1) or RtcRole.SUBSCRIBER (2), got a string.',
  )
})

it("does not guess whether '1' is a publisher where agora-token makes it a subscriber", () => {
  const args = [appId, appCertificate, 'stage', 42, '1', 60, 0, 0, 0, 0, 'alice', 0]
  for (const builder of [builders.ConvoAITokenBuilder, builders.SttTokenBuilder]) {
    expect(thrownBy(() => call(builder, 'buildToken', args))).toMatchObject({ argument: 'rtcRole' })
  }
})

it('takes a Signaling user of at most 64 bytes, and of 255 beside a channel', () => {
  const long = 'x'.repeat(65)
  const { RtmTokenBuilder, RtcTokenBuilder } = builders
  expect(thrownBy(() => RtmTokenBuilder.buildToken(appId, appCertificate, long, 60)).message).toMatch(
    /^userId .*64/,
  )
  expect(RtcTokenBuilder.buildTokenWithRtm(appId, appCertificate, 'stage', long, 1, 60)).toMatch(/^007/)
})

describe('Rtm2Permissions.add', () => {
  it.each([
    ['resourceType', ['__proto__', 0, ['lobby']]],
    ['permissionType', [0, Number.NaN, ['lobby']]],
    ['resources', [0, 0, 'lobby']],
    ['resources', [0, 0, undefined]],
  ])('says that %s is at fault', (argument, args) => {
    const permissions = new builders.Rtm2Permissions()
    const add: unknown = Reflect.get(permissions, 'add')
    if (typeof add !== 'function') throw new TypeError('there is no add')
    expect(thrownBy(() => Reflect.apply(add, permissions, args))).toMatchObject({ argument })
  })
})
