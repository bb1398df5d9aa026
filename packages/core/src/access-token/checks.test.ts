import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgoraTokenError } from '../errors.js'
import { buildAccessToken2 } from './build.js'
import { forgeToken, offsetOf } from './forged.test.data.js'
import { inspectToken } from './inspect.js'
import { appCertificate, appId, generated, historical, official, refused } from './known-answers.test.data.js'
import { rtcService } from './services/rtc.js'
import { rtmService } from './services/rtm.js'
import { ServiceType } from './services/service-type.js'
import { anyServices } from './services.test.data.js'
import { listTokenChecks, verifyAccessToken2 } from './verify.js'
import type { VerifyAccessToken2Options } from './verify.js'

/*
 * Whoever verifies a token, inspects it or looks at the checks one by one must get the same answer.
 */

const nowSeconds = 1_700_000_000
const known = { appId, appCertificate, nowSeconds }
const otherId = 'a'.repeat(32)

/** The finding that an inspection makes of each code that a verifier throws. */
const findingsOf: Readonly<Record<string, readonly string[]>> = {
  ERR_TOKEN_SIGNATURE: ['SIGNATURE_MISMATCH'],
  ERR_TOKEN_APP_ID: ['APP_ID_MISMATCH', 'APP_ID_MALFORMED'],
  ERR_TOKEN_NOT_YET_VALID: ['ISSUED_IN_FUTURE'],
  ERR_TOKEN_EXPIRED: ['EXPIRED', 'TTL_ZERO', 'LOGIN_PRIVILEGE_EXPIRED'],
  ERR_TOKEN_SERVICE: ['RTM_SERVICE_MISSING'],
  ERR_TOKEN_SUBJECT: ['USER_ID_MISMATCH', 'USER_ID_EMPTY', 'USER_ID_TOO_LONG', 'USER_ID_AMBIGUOUS'],
  ERR_TOKEN_PRIVILEGE: ['LOGIN_PRIVILEGE_MISSING'],
}
const findingsOfContent = new Set(Object.values(findingsOf).flat())

/** What is known of the token: the same for all who judge it. */
interface Presented {
  readonly token: string
  readonly appId: string
  readonly appCertificate: string | readonly string[]
  readonly userId: string | undefined
  readonly nowSeconds: number
}

/** What each of the three says, in words: `good`, or a code and more. */
interface Verdict {
  readonly code: string
  readonly verified: string
  readonly listed: string
  readonly inspected: string
  /** What an inspection may say beside what verifying says. */
  readonly expectedOfInspection: readonly string[]
}

function judge({ token, userId, ...settings }: Presented): Verdict {
  const subject = userId === undefined ? {} : { userId }
  const options: VerifyAccessToken2Options = {
    ...settings,
    require: { type: ServiceType.Rtm, privilege: 1, ...subject },
  }
  const thrown = refusalOf(() => verifyAccessToken2(token, options))
  const failed = listTokenChecks(token, options).find(({ outcome }) => outcome === 'failed')
  const { ok, findings } = inspectToken(token, { ...settings, userId })
  const error = findings.find(({ severity }) => severity === 'error')?.code
  const isAboutText = error !== undefined && !findingsOfContent.has(error)
  return {
    code: thrown?.code ?? 'good',
    verified: inWords(thrown),
    listed: inWords(failed),
    inspected: ok === (error === undefined) ? (isAboutText ? 'unreadable' : (error ?? 'good')) : 'undecided',
    expectedOfInspection: thrown === undefined ? ['good'] : (findingsOf[thrown.code] ?? ['unreadable']),
  }
}

function inWords(refusal: { code?: string; message?: string } | undefined): string {
  return refusal === undefined ? 'good' : `${refusal.code}: ${refusal.message}`
}

function refusalOf(call: () => unknown): AgoraTokenError | undefined {
  try {
    call()
  } catch (error) {
    if (error instanceof AgoraTokenError) return error
    throw error
  }
  return undefined
}

/** `undefined` when all three say the same. */
function disagreement(verdict: Verdict): Verdict | undefined {
  const { verified, listed, inspected, expectedOfInspection } = verdict
  return verified === listed && expectedOfInspection.includes(inspected) ? undefined : verdict
}

// Tokens take longer to build than to judge, so a few hundred of each kind are judged in many ways.
const issueTimes = [-90_000, -3601, -3600, -3599, -60, 0, 1, 299, 300, 301, 4000].map(
  (offset) => nowSeconds + offset,
)
const signalingTokens = issueTimes.flatMap((issuedAtSeconds) =>
  [0, 30, 3600].flatMap((loginTtlSeconds) =>
    ['alice', 'Alice', 'alice ', 'undefined', '42'].map((userId) =>
      buildAccessToken2({
        appId,
        appCertificate,
        ttlSeconds: 3600,
        issuedAtSeconds,
        services: [rtmService({ userId, loginTtlSeconds })],
      }),
    ),
  ),
)
const [alice, bob] = [rtmService({ userId: 'alice' }), rtmService({ userId: 'bob', loginTtlSeconds: 10 })]
const rtc = rtcService({ channelName: 'stage', account: 'alice' })
const combinations = [
  [rtc],
  [rtc, alice],
  [alice, bob],
  [alice, { ...alice, privileges: { 1: 10 } }],
  [{ ...alice, privileges: {} }],
  [{ ...alice, privileges: { 2: 0 } }],
]
const otherTokens = combinations.flatMap((services) =>
  [
    { appId, appCertificate },
    { appId: otherId, appCertificate },
    { appId, appCertificate: otherId },
    { appId: appCertificate, appCertificate: appId },
  ].map((credentials) =>
    buildAccessToken2({ ...credentials, ttlSeconds: 60, issuedAtSeconds: nowSeconds - 30, services }),
  ),
)
const knownTokens = [...official, ...generated, ...historical, ...refused].flatMap((entry) =>
  'token' in entry ? [entry.token] : entry.tokens,
)
const sound: readonly string[] = [...signalingTokens, ...otherTokens]

const anyTtl = fc.oneof(fc.constantFrom(0, 1, 60, 86_400, 86_401, nowSeconds), fc.nat(0xffff_ffff))

const anyToken = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...sound) },
  { weight: 2, arbitrary: fc.constantFrom(...knownTokens) },
  // Signed, but with a lifetime or an App ID that no builder of ours writes.
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...sound), anyTtl).map(([token, ttlSeconds]) =>
      forgeToken(token, (signingInfo) => {
        signingInfo.writeUInt32LE(ttlSeconds, offsetOf.ttlSeconds)
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...sound), fc.nat(60), fc.nat(255)).map(([token, where, byte]) =>
      forgeToken(token, (signingInfo) => {
        signingInfo.writeUInt8(byte, 2 + (where % (signingInfo.length - 2)))
      }),
    ),
  },
  // One character is another, or some are missing or too many.
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...sound), fc.nat(), fc.nat(3), fc.base64String({ maxLength: 4 }))
      .map(([token, where, cut, put]) => {
        const at = where % token.length
        return token.slice(0, at) + put + token.slice(at + cut)
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...sound), fc.nat())
      .map(([token, length]) => token.slice(0, length % token.length)),
  },
  // What happens to a token on its way.
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...sound),
        fc.constantFrom<(token: string) => string>(
          (token) => `Bearer ${token}`,
          (token) => `"${token}"\n`,
          encodeURIComponent,
          (token) => token.slice(3),
          (token) => `007${token}`,
          (token) => token.replaceAll('+', '-').replaceAll('/', '_'),
          (token) => token.replaceAll('=', ''),
          (token) => `${token}====`,
        ),
      )
      .map(([token, change]) => change(token)),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
)

const anyPresented: fc.Arbitrary<Presented> = fc.record({
  token: anyToken,
  appId: fc.constantFrom(appId, appId, appId, appId.toLowerCase(), otherId, appCertificate),
  appCertificate: fc.constantFrom<string | readonly string[]>(
    appCertificate,
    appCertificate,
    [otherId, appCertificate],
    otherId,
    appCertificate.toLowerCase(),
    appId,
  ),
  userId: fc.constantFrom(undefined, 'alice', 'alice', 'bob', 'undefined', '', '42'),
  nowSeconds: fc.constantFrom(nowSeconds, nowSeconds, nowSeconds - 0.5, nowSeconds + 31, nowSeconds + 90_000),
})

describe('verifying, inspecting and listing the checks', () => {
  it('agree on 20,000 tokens: genuine, changed, cut, expired, early, foreign and for somebody else', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(anyPresented, (presented) => {
        const verdict = judge(presented)
        seen.add(verdict.code)
        expect(disagreement(verdict)).toBeUndefined()
      }),
      { numRuns: 20_000 },
    )
    // Each way to fail is among them, or the agreement would say little.
    expect([...seen].toSorted()).toEqual([
      'ERR_TOKEN_APP_ID',
      'ERR_TOKEN_BASE64',
      'ERR_TOKEN_ENVELOPE',
      'ERR_TOKEN_EXPIRED',
      'ERR_TOKEN_NOT_YET_VALID',
      'ERR_TOKEN_PRIVILEGE',
      'ERR_TOKEN_SERVICE',
      'ERR_TOKEN_SIGNATURE',
      'ERR_TOKEN_STRUCTURE',
      'ERR_TOKEN_SUBJECT',
      'ERR_TOKEN_ZLIB',
      'good',
    ])
  })

  it('agree on any services', () => {
    fc.assert(
      fc.property(anyServices, fc.constantFrom(undefined, 'alice'), (services, userId) => {
        const token = buildAccessToken2({
          appId,
          appCertificate,
          services,
          ttlSeconds: 3600,
          issuedAtSeconds: nowSeconds,
        })
        expect(disagreement(judge({ ...known, token, userId }))).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it.each(refused.map(({ id, token }) => ({ id, token })))('agree on $id', ({ token }) => {
    for (const userId of [undefined, 'alice']) {
      expect(disagreement(judge({ ...known, token, userId }))).toBeUndefined()
    }
  })
})

function outcomes(token: string, options: Partial<VerifyAccessToken2Options> = {}): string[] {
  return listTokenChecks(token, { ...known, ...options }).map(({ check, outcome }) => `${check} ${outcome}`)
}

describe('the list of checks', () => {
  const token = buildAccessToken2({
    appId,
    appCertificate,
    issuedAtSeconds: nowSeconds,
    ttlSeconds: 60,
    services: [alice],
  })
  const require = { type: ServiceType.Rtm, privilege: 1, userId: 'alice' } as const

  it('is in the order in which a verifier stops', () => {
    expect(outcomes(token, { require })).toEqual([
      'reading passed',
      'signature passed',
      'appIdForm passed',
      'appId passed',
      'issueTime passed',
      'lifetime passed',
      'service passed',
      'subject passed',
      'privilege passed',
    ])
  })

  it('goes on after a failure, and says what was not asked', () => {
    expect(outcomes(token, { appCertificate: otherId, nowSeconds: nowSeconds + 60 })).toEqual([
      'reading passed',
      'signature failed',
      'appIdForm passed',
      'appId passed',
      'issueTime passed',
      'lifetime failed',
      'service skipped',
      'subject skipped',
      'privilege skipped',
    ])
  })

  it('has nothing to check in what cannot be read', () => {
    const [reading, ...others] = listTokenChecks('no token', { ...known, require })
    expect(reading).toMatchObject({ outcome: 'failed', code: 'ERR_TOKEN_ENVELOPE' })
    expect(new Set(others.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']))
  })
})

describe('what verifying and inspecting once judged differently', () => {
  it('a lifetime of nothing is over, also when the token comes from a clock that is ahead', () => {
    const early = buildAccessToken2({
      appId,
      appCertificate,
      issuedAtSeconds: nowSeconds + 100,
      ttlSeconds: 60,
      services: [alice],
    })
    const token = forgeToken(early, (signingInfo) => {
      signingInfo.writeUInt32LE(0, offsetOf.ttlSeconds)
    })
    const verdict = judge({ ...known, token, userId: 'alice' })
    expect([verdict.code, disagreement(verdict)]).toEqual(['ERR_TOKEN_EXPIRED', undefined])
  })

  it('a user ID that is empty or too long is for nobody, also when no user is asked for', () => {
    const nobody = generated.find(({ id }) => id === 'NPM-07')?.tokens[0] ?? ''
    const chat = { type: ServiceType.Chat, privileges: { 1: 0 }, userId: 'a'.repeat(65) }
    const issued = { appId, appCertificate, issuedAtSeconds: nowSeconds }
    const long = forgeToken(buildAccessToken2({ ...issued, ttlSeconds: 60, services: [chat] }), (info) => {
      info.writeUInt16LE(ServiceType.Rtm, offsetOf.firstServiceType)
    })
    for (const token of [nobody, long]) {
      const verdict = judge({ ...known, token, userId: undefined })
      expect([verdict.code, disagreement(verdict)]).toEqual(['ERR_TOKEN_SUBJECT', undefined])
    }
  })
})
