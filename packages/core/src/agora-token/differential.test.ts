import { createRequire } from 'node:module'
import official from 'agora-token'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as ours from '../agora-token.js'
import { appCertificate, appId } from '../access-token/known-answers.test.data.js'
import { parseAccessToken2 } from '../access-token/parse.js'
import { verifyAccessToken2 } from '../access-token/verify.js'
import { isRecord } from '../input/describe.js'

/*
 * The same call gives the same token, to the byte: clock and salt of both packages are held still.
 */

type Builders = typeof official

/** One call, made with the builders of either package. */
type BuilderCall = (builders: Builders) => string

const p = [appId, appCertificate] as const
/** Agora takes at most 64 bytes. One grapheme can have many. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => Buffer.byteLength(value) <= 64)
const user = text.filter((value) => value !== '')
const uid = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1), fc.nat(), text)
const role = fc.constantFrom(ours.RtcRole.PUBLISHER, ours.RtcRole.SUBSCRIBER)
const expire = fc.integer({ min: 1, max: 86_400 })
const privilege = fc.integer({ min: 0, max: 86_400 })
const four = [privilege, privilege, privilege, privilege] as const
const twelve = fc.tuple(text, uid, role, expire, ...four, text, privilege)
const permissions = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 1 }), fc.array(text, { maxLength: 3 })),
)

/** Made by the class of either package, for the other one. */
function permissionsOf(
  builders: Builders,
  entries: readonly (readonly [number, number, string[]])[],
): InstanceType<Builders['Rtm2Permissions']> {
  const made = new builders.Rtm2Permissions()
  for (const entry of entries) made.add(...entry)
  return made
}

function anyCall<Arguments>(
  args: fc.Arbitrary<Arguments>,
  call: (builders: Builders, given: Arguments) => string,
): fc.Arbitrary<BuilderCall> {
  return args.map((given) => (builders) => call(builders, given))
}

const roleInRoom = fc.oneof(fc.constantFrom(0, -1, 1), fc.integer({ min: -0x8000, max: 0x7fff }))
const room = fc.tuple(user, user, roleInRoom, expire)

const methods: Readonly<Record<string, fc.Arbitrary<BuilderCall>>> = {
  'RtcTokenBuilder.buildTokenWithUid': anyCall(fc.tuple(text, uid, role, expire, privilege), (b, args) =>
    b.RtcTokenBuilder.buildTokenWithUid(...p, ...args),
  ),
  'RtcTokenBuilder.buildTokenWithUserAccount': anyCall(
    fc.tuple(text, uid, role, expire, privilege),
    (b, args) => b.RtcTokenBuilder.buildTokenWithUserAccount(...p, ...args),
  ),
  'RtcTokenBuilder.buildTokenWithUidAndPrivilege': anyCall(fc.tuple(text, uid, expire, ...four), (b, args) =>
    b.RtcTokenBuilder.buildTokenWithUidAndPrivilege(...p, ...args),
  ),
  'RtcTokenBuilder.BuildTokenWithUserAccountAndPrivilege': anyCall(
    fc.tuple(text, uid, expire, ...four),
    (b, args) => b.RtcTokenBuilder.BuildTokenWithUserAccountAndPrivilege(...p, ...args),
  ),
  // A number other than 0 throws in the official package.
  'RtcTokenBuilder.buildTokenWithRtm': anyCall(
    fc.tuple(text, fc.oneof(text, fc.constant(0)), role, expire, privilege),
    (b, args) => b.RtcTokenBuilder.buildTokenWithRtm(...p, ...args),
  ),
  'RtcTokenBuilder.buildTokenWithRtm2': anyCall(twelve, (b, args) =>
    b.RtcTokenBuilder.buildTokenWithRtm2(...p, ...args),
  ),
  'ConvoAITokenBuilder.buildToken': anyCall(twelve, (b, args) =>
    b.ConvoAITokenBuilder.buildToken(...p, ...args),
  ),
  'SttTokenBuilder.buildToken': anyCall(twelve, (b, args) => b.SttTokenBuilder.buildToken(...p, ...args)),
  'RtmTokenBuilder.buildToken': anyCall(fc.tuple(user, expire), (b, args) =>
    b.RtmTokenBuilder.buildToken(...p, ...args),
  ),
  'RtmTokenBuilder.buildTokenWithPermissions': anyCall(
    fc.tuple(fc.oneof(user, fc.integer({ min: 1 })), permissions, expire, fc.boolean()),
    (b, [userId, entries, seconds, isOfficial]) =>
      b.RtmTokenBuilder.buildTokenWithPermissions(
        ...p,
        userId,
        permissionsOf(isOfficial ? official : ours, entries),
        seconds,
      ),
  ),
  'ChatTokenBuilder.buildUserToken': anyCall(fc.tuple(user, expire), (b, args) =>
    b.ChatTokenBuilder.buildUserToken(...p, ...args),
  ),
  'ChatTokenBuilder.buildAppToken': anyCall(expire, (b, seconds) =>
    b.ChatTokenBuilder.buildAppToken(...p, seconds),
  ),
  'ApaasTokenBuilder.buildRoomUserToken': anyCall(room, (b, args) =>
    b.ApaasTokenBuilder.buildRoomUserToken(...p, ...args),
  ),
  'ApaasTokenBuilder.buildUserToken': anyCall(fc.tuple(user, expire), (b, args) =>
    b.ApaasTokenBuilder.buildUserToken(...p, ...args),
  ),
  'ApaasTokenBuilder.buildAppToken': anyCall(expire, (b, seconds) =>
    b.ApaasTokenBuilder.buildAppToken(...p, seconds),
  ),
  'EducationTokenBuilder.buildRoomUserToken': anyCall(room, (b, args) =>
    b.EducationTokenBuilder.buildRoomUserToken(...p, ...args),
  ),
  'EducationTokenBuilder.buildUserToken': anyCall(fc.tuple(user, expire), (b, args) =>
    b.EducationTokenBuilder.buildUserToken(...p, ...args),
  ),
  'EducationTokenBuilder.buildAppToken': anyCall(expire, (b, seconds) =>
    b.EducationTokenBuilder.buildAppToken(...p, seconds),
  ),
  'FpaTokenBuilder.buildToken': fc.constant((b: Builders) => b.FpaTokenBuilder.buildToken(...p)),
}

interface OfficialReader {
  from_string(token: string): boolean
  verifySignature(certificate: string): boolean
}

function officialReader(): OfficialReader {
  const module: unknown = createRequire(import.meta.url)('agora-token/src/AccessToken2.js')
  if (!isReaderModule(module)) throw new TypeError('agora-token must export AccessToken2')
  return new module.AccessToken2()
}

function isReaderModule(module: unknown): module is { AccessToken2: new () => OfficialReader } {
  return isRecord(module) && typeof module['AccessToken2'] === 'function'
}

/** What the official package builds with the salt that our token has. */
function officialWithSalt(salt: number, call: BuilderCall): string {
  const random = vi.spyOn(Math, 'random').mockReturnValue((salt - 0.5) / 99_999_999)
  try {
    return call(official)
  } finally {
    random.mockRestore()
  }
}

/** The token of a call by either package. */
function tokensOf(call: BuilderCall, officialCall: BuilderCall = call): { own: string; theirs: string } {
  const own = call(ours)
  return { own, theirs: officialWithSalt(parseAccessToken2(own).salt, officialCall) }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00.400Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('agora-token and @agora-signaling/core/agora-token build the same token', () => {
  it.each(Object.entries(methods))('%s', (_name, calls) => {
    fc.assert(
      fc.property(calls, (call) => {
        const { own, theirs } = tokensOf(call)
        expect(own).toBe(theirs)
      }),
    )
  })

  it('with every method of the official package', () => {
    const names = Object.entries<object>(official).flatMap(([name, builder]) =>
      Object.getOwnPropertyNames(builder)
        .filter((member) => /^build/i.test(member))
        .map((member) => `${name}.${member}`),
    )
    expect(Object.keys(methods).toSorted()).toEqual(names.toSorted())
    expect(Object.keys(ours).toSorted()).toEqual(Object.keys(official).toSorted())
  })

  it('and with its constants', () => {
    expect(ours.RtcRole).toEqual(official.RtcRole)
    expect(Object.entries(ours.Rtm2Permissions)).toEqual(Object.entries(official.Rtm2Permissions))
  })
})

describe('each package reads what the other one builds', () => {
  it.each(Object.entries(methods))('%s', (_name, calls) => {
    fc.assert(
      fc.property(calls, (call) => {
        const reader = officialReader()
        expect(reader.from_string(call(ours))).toBe(true)
        expect(reader.verifySignature(appCertificate)).toBe(true)
        expect(() => verifyAccessToken2(call(official), { appId, appCertificate })).not.toThrow()
      }),
      { numRuns: 10 },
    )
  })
})

/** A call of `buildTokenWithUid` that TypeScript refuses. */
function looseCall(given: {
  uid?: unknown
  role?: unknown
  expire?: unknown
  privilege?: unknown
}): BuilderCall {
  const { uid: id = 42, role: of = 1, expire: seconds = 60, privilege: privilegeSeconds } = given
  return ({ RtcTokenBuilder }) =>
    String(
      Reflect.apply(RtcTokenBuilder.buildTokenWithUid, RtcTokenBuilder, [
        ...p,
        'stage',
        id,
        of,
        seconds,
        privilegeSeconds,
      ]),
    )
}

describe('what the official package turns into a useful token is taken as it is', () => {
  it.each([
    ['expire as text, as an environment variable has it', { expire: '3600' }],
    ['expire with a fraction', { expire: 60.9 }],
    ['the role 1 as text', { role: '1' }],
    ['the role 2 as text', { role: '2' }],
    ['privilegeExpire left out', {}],
    ['privilegeExpire null', { privilege: null }],
    ['privilegeExpire as text', { privilege: '60' }],
    ['a uid as a bigint', { uid: 42n }],
  ])('%s', (_name, given) => {
    const { own, theirs } = tokensOf(looseCall(given))
    expect(own).toBe(theirs)
  })
})

describe('what the official package promises and does not keep', () => {
  it.each<[string, BuilderCall, BuilderCall]>([
    [
      'a number as a Signaling user is its decimal text',
      (b) => b.RtmTokenBuilder.buildToken(...p, 42, 60),
      (b) => b.RtmTokenBuilder.buildToken(...p, '42', 60),
    ],
    [
      'a number as a Chat user is its decimal text',
      (b) => b.ChatTokenBuilder.buildUserToken(...p, 42, 60),
      (b) => b.ChatTokenBuilder.buildUserToken(...p, '42', 60),
    ],
    [
      'a number as the user of a channel and of Signaling is its decimal text',
      (b) => b.RtcTokenBuilder.buildTokenWithRtm(...p, 'stage', 42, 1, 60, 0),
      (b) => b.RtcTokenBuilder.buildTokenWithRtm(...p, 'stage', '42', 1, 60, 0),
    ],
    [
      'a number as the user of a room is its decimal text',
      (b) => b.ApaasTokenBuilder.buildRoomUserToken(...p, 'room', 42, 1, 60),
      (b) => b.ApaasTokenBuilder.buildRoomUserToken(...p, 'room', '42', 1, 60),
    ],
    [
      '30 days are the 24 hours that Agora lets a token live',
      (b) => b.RtcTokenBuilder.buildTokenWithUid(...p, 'stage', 42, 1, 30 * 86_400, 30 * 86_400),
      (b) => b.RtcTokenBuilder.buildTokenWithUid(...p, 'stage', 42, 1, 86_400, 86_400),
    ],
  ])('%s', (_name, call, officialCall) => {
    const { own, theirs } = tokensOf(call, officialCall)
    expect(own).toBe(theirs)
  })

  it('methods may be taken off their builders', () => {
    const { buildTokenWithUid, buildTokenWithUidAndPrivilege } = ours.RtcTokenBuilder
    expect(buildTokenWithUid(...p, 'stage', 42, ours.RtcRole.PUBLISHER, 60)).toMatch(/^007/)
    expect(buildTokenWithUidAndPrivilege(...p, 'stage', 42, 60, 1, 2, 3, 4)).toMatch(/^007/)
    const { buildUserToken } = ours.EducationTokenBuilder
    expect(buildUserToken(...p, 'alice', 60)).toMatch(/^007/)
  })
})
