import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSignalingToken } from './build.js'
import { codeOf, fromJavaScript } from './calls.test.data.js'
import { forgeToken, offsetOf } from './forged.test.data.js'
import { inspectToken } from './inspect.js'
import {
  codes,
  inspect,
  issuedAtSeconds,
  known,
  message,
  nowSeconds,
  otherAppId,
  token,
  tokenFor,
} from './inspected.test.data.js'
import { accepted, appCertificate, appId, generated, refused } from './known-answers.test.data.js'
import { parseAccessToken2 } from './parse.js'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import { chatService } from './services/chat.js'
import { rtcService } from './services/rtc.js'
import { rtm2Service } from './services/rtm2.js'
import { rtmService } from './services/rtm.js'
import { streamingService } from './services/streaming.js'
import { anyText } from './texts.test.data.js'
import type { TokenReport } from './token-report.js'

describe('inspectToken of a good token', () => {
  it('finds nothing, and says for whom it is and how long', () => {
    expect(inspect(token)).toEqual({
      ok: true,
      summary: 'The token is good for Signaling as user "alice", for 59 minutes more.',
      findings: [],
      token: parseAccessToken2(token),
    })
  })

  it('says what it could not check, and that a signature which was not checked proves nothing', () => {
    const report = inspectToken(token, { nowSeconds })
    expect(report.ok).toBe(true)
    expect(report.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['SIGNATURE_UNCHECKED', 'warning'],
      ['APP_ID_UNCHECKED', 'info'],
      ['USER_ID_UNCHECKED', 'info'],
    ])
    expect(report.summary).toContain('the signature was not checked')
    expect(inspectToken(token).token).toEqual(report.token)
  })

  it('takes several certificates, of which one fits', () => {
    expect(inspect(token, { appCertificate: ['a'.repeat(32), appCertificate] }).findings).toEqual([])
  })
})

describe('inspectToken compares the App ID and the signature', () => {
  it('of another project', () => {
    expect(message(inspect(token, { appId: otherAppId }), 'APP_ID_MISMATCH')).toContain('another App ID')
  })

  it('in other letter case', () => {
    expect(message(inspect(token, { appId: appId.toLowerCase() }), 'APP_ID_MISMATCH')).toContain(
      'only in letter case',
    )
  })

  it('with an App ID that is none', () => {
    expect(message(inspect(token, { appId: appId.slice(1) }), 'APP_ID_MISMATCH')).toContain(
      'check AGORA_APP_ID',
    )
  })

  it('of a token whose own App ID is none', () => {
    const entry = refused.find(({ id }) => id === 'st-appid-nonhex')
    expect(codes(inspect(entry?.token))).toEqual(['APP_ID_MALFORMED', 'APP_ID_MISMATCH'])
  })

  it('made with another certificate', () => {
    const report = inspect(token, { appCertificate: 'a'.repeat(32) })
    expect(message(report, 'SIGNATURE_MISMATCH')).toContain('another app certificate')
  })

  it('made with the certificate in other letter case', () => {
    const lower = buildSignalingToken({
      appId,
      userId: 'alice',
      appCertificate: appCertificate.toLowerCase(),
      ttlSeconds: 3600,
      issuedAtSeconds,
    })
    expect(message(inspect(lower), 'SIGNATURE_MISMATCH')).toContain('in other letter case')
  })

  it('made with App ID and certificate swapped, which gives the certificate away', () => {
    const swapped = buildSignalingToken({
      userId: 'alice',
      appId: appCertificate,
      appCertificate: appId,
      ttlSeconds: 3600,
      issuedAtSeconds,
    })
    const report = inspect(swapped)
    expect(message(report, 'APP_ID_MISMATCH')).toContain('swapped')
    expect(message(report, 'SIGNATURE_MISMATCH')).toContain('App ID in the place of the app certificate')
  })

  it('with a certificate that is none: the signature stays unchecked', () => {
    const report = inspect(token, { appCertificate: `${appCertificate}\n` })
    expect(codes(report)).toEqual(['CERTIFICATE_MALFORMED', 'SIGNATURE_UNCHECKED'])
    expect(report.ok).toBe(true)
  })
})

function at(seconds: number): TokenReport {
  return inspect(token, { nowSeconds: issuedAtSeconds + seconds })
}

function tokenWithTtl(ttlSeconds: number): string {
  return forgeToken(token, (signingInfo) => {
    signingInfo.writeUInt32LE(ttlSeconds, offsetOf.ttlSeconds)
  })
}

function withTtl(ttlSeconds: number): TokenReport {
  return inspect(tokenWithTtl(ttlSeconds))
}

describe('the summary of inspectToken', () => {
  it('tells what is suspicious about the token before what was not checked', () => {
    const { summary } = inspectToken(tokenWithTtl(1_700_003_600), { nowSeconds })
    const [time, unchecked] = ['looks like a point in time', 'the signature was not checked'].map((words) =>
      summary.indexOf(words),
    )
    expect(time).toBeGreaterThan(0)
    expect(unchecked).toBeGreaterThan(time ?? 0)
  })

  it('has every warning, not only the first', () => {
    const fromAhead = inspect(tokenWithTtl(604_801), { nowSeconds: issuedAtSeconds - 40 })
    expect(fromAhead.summary).toContain('40 seconds ahead')
    expect(fromAhead.summary).toContain('7 days')
  })

  it.each([
    ['RTM_SERVICE_MISSING', tokenFor(rtcService({ channelName: 'stage', account: 'alice' })), {}],
    ['SIGNATURE_MISMATCH', token, { appCertificate: 'a'.repeat(32) }],
    ['APP_ID_MISMATCH', token, { appId: otherAppId }],
    ['USER_ID_MISMATCH', token, { userId: 'bob' }],
  ] as const)('names what clients call %s, for people who search for it', (code, text, changes) => {
    const report = inspect(text, changes)
    for (const words of ['invalid token', '110', 'LOGIN_ERR_INVALID_TOKEN (5)']) {
      expect(message(report, code)).toContain(words)
      expect(report.summary).toContain(words)
    }
  })

  it('names what clients call an expired token', () => {
    expect(inspect(token, { nowSeconds: nowSeconds + 3600 }).summary).toContain('error 109')
  })
})

describe('the options of inspectToken', () => {
  it('are the mistake of the program, and not of the token, when a name does not exist', () => {
    const options = { ...known, userID: 'bob' }
    expect(codeOf(() => fromJavaScript(inspectToken, token, options))).toBe('ERR_CONFIG_INVALID')
    expect(() => fromJavaScript(inspectToken, token, options)).toThrow(/no option "userID".*userId/)
  })

  it.each([[null], ['x'], [7], [[]]])('must be an object, not %j', (options) => {
    expect(codeOf(() => fromJavaScript(inspectToken, token, options))).toBe('ERR_CONFIG_INVALID')
  })
})

describe('inspectToken looks at the clock', () => {
  it('after the end', () => {
    const report = at(3600 + 12 * 60)
    expect(report.ok).toBe(false)
    expect(message(report, 'EXPIRED')).toContain('expired 12 minutes ago')
  })

  it('in the last minute', () => {
    const report = at(3600 - 30)
    expect(report.ok).toBe(true)
    expect(message(report, 'EXPIRES_SOON')).toContain('30 seconds')
  })

  it('before the time of issue: within what clocks are off, and beyond', () => {
    const report = at(-40)
    expect(report.ok).toBe(true)
    expect(message(report, 'CLOCK_AHEAD')).toContain('40 seconds ahead')
    expect(message(at(-3600), 'ISSUED_IN_FUTURE')).toContain('1 hour from now')
  })

  it('of a time of issue in milliseconds', () => {
    const entry = refused.find(({ id }) => id === 'time-ms')
    expect(message(inspect(entry?.token), 'ISSUED_IN_FUTURE')).toContain('in milliseconds')
  })

  it('of a lifetime that is a point in time, too long, in milliseconds, or nothing', () => {
    expect(message(withTtl(1_700_003_600), 'TTL_LOOKS_LIKE_TIME')).toContain('not now + 3600')
    expect(message(withTtl(604_801), 'TTL_TOO_LONG')).toContain('7 days')
    expect(message(withTtl(3_600_000), 'TTL_TOO_LONG')).toContain('in milliseconds?')
    expect(message(withTtl(0), 'TTL_ZERO')).toContain('0 seconds')
  })

  it('of the caller only when that is in seconds', () => {
    const fresh = buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 3600 })
    for (const value of [Date.now(), Number.NaN]) {
      expect(codes(inspect(fresh, { nowSeconds: value }))).toEqual(['OPTION_IGNORED'])
    }
  })
})

function missing(...services: AccessToken2ServiceInput[]): string {
  return message(inspect(tokenFor(...services)), 'RTM_SERVICE_MISSING')
}

function forUser(userId: string): TokenReport {
  return inspect(tokenFor(rtmService({ userId })), { userId })
}

describe('inspectToken judges for Signaling', () => {
  const rtc = rtcService({ channelName: 'stage', account: 'alice' })

  it('a token for RTC only, which is the most common mistake', () => {
    const report = inspect(tokenFor(rtc))
    expect(report.ok).toBe(false)
    expect(report.summary).toContain('holds an RTC service only; Signaling needs RTM')
    expect(report.summary).toContain('buildSignalingToken()')
  })

  it('tokens for other services', () => {
    expect(missing(rtc, chatService({ userId: 'alice' }))).toContain('RTC and Chat services only')
    expect(missing(streamingService({ channelName: 'stage', account: 1 }))).toContain(
      'a Streaming service only',
    )
    expect(missing(rtm2Service({ userId: 'alice' }))).toContain('RTM2 (number 8) is not RTM (number 2)')
  })

  it('a token with a service that is newer than this package', () => {
    const entry = refused.find(({ id }) => id === 'svc-unknown-first')
    const report = inspect(entry?.token)
    expect(codes(report)).toEqual(['UNKNOWN_SERVICE', 'RTM_SERVICE_MISSING'])
    expect(message(report, 'UNKNOWN_SERVICE')).toContain('unknown number 0')
  })

  it('a login privilege that is not there, or over', () => {
    const login = { type: ServiceType.Rtm, userId: 'alice' }
    expect(codes(inspect(tokenFor({ ...login, privileges: {} })))).toEqual(['LOGIN_PRIVILEGE_MISSING'])
    const over = inspect(tokenFor(rtmService({ userId: 'alice', loginTtlSeconds: 30 })))
    expect(message(over, 'LOGIN_PRIVILEGE_EXPIRED')).toContain('30 seconds ago')
  })

  it.each([
    ['alice', 'bob', 'is for user "bob", and not for "alice"'],
    ['alice', 'Alice', 'differs only in case'],
    ['alice ', 'alice', 'differs only in surrounding white space'],
    ['alice', '2882341273', 'is a number'],
    ['\u00e9', 'e\u0301', 'another Unicode form'],
    ['alice', 'alice\u200b', 'invisible characters'],
  ])('a call by %j with the token of %j', (given, held, words) => {
    const report = inspect(tokenFor(rtmService({ userId: held })), { userId: given })
    expect(report.ok).toBe(false)
    expect(message(report, 'USER_ID_MISMATCH')).toContain(words)
  })

  it('a user ID in the token that is empty, a placeholder, surrounded by white space, or too long', () => {
    const nobody = generated.find(({ id }) => id === 'NPM-07')?.tokens[0]
    expect(message(inspect(nobody), 'USER_ID_EMPTY')).toContain('is empty')
    for (const placeholder of ['undefined', 'null', '[object Object]', ':userId']) {
      const report = forUser(placeholder)
      expect(message(report, 'USER_ID_PLACEHOLDER')).toContain(placeholder)
      expect([report.ok, report.summary.includes('The user ID in the token is')]).toEqual([true, true])
      const given = inspect(token, { userId: placeholder })
      expect(message(given, 'USER_ID_PLACEHOLDER')).toContain(`The user ID given is`)
      expect(given.ok).toBe(false)
    }
    expect(message(forUser(' alice'), 'USER_ID_WHITE_SPACE')).toContain('surrounding white space')
    const long = forgeToken(tokenFor(chatService({ userId: 'a'.repeat(65) })), (signingInfo) => {
      signingInfo.writeUInt16LE(ServiceType.Rtm, offsetOf.firstServiceType)
    })
    expect(message(inspect(long), 'USER_ID_TOO_LONG')).toContain('65 bytes')
  })

  it('a user ID given as a number: says to make it text, and compares it all the same', () => {
    const numeric = tokenFor(rtmService({ userId: '42' }))
    const report = fromJavaScript(inspectToken, numeric, { ...known, userId: 42 })
    expect(report).toMatchObject({ ok: true, findings: [{ code: 'USER_ID_NOT_TEXT', severity: 'warning' }] })
    expect(fromJavaScript(inspectToken, token, { ...known, userId: 42 })).toMatchObject({
      ok: false,
      findings: [{ code: 'USER_ID_NOT_TEXT' }, { code: 'USER_ID_MISMATCH' }],
    })
  })

  it('a token for two users at once', () => {
    const report = inspect(tokenFor(rtmService({ userId: 'alice' }), rtmService({ userId: 'mallory' })))
    expect(codes(report)).toEqual(['USER_ID_AMBIGUOUS'])
  })
})

describe('inspectToken on the known answers', () => {
  it.each(refused.filter(({ type }) => type === ServiceType.Rtm))('$id is not good', (entry) => {
    expect(inspect(entry.token, { userId: entry.userId, nowSeconds: entry.nowSeconds }).ok).toBe(false)
  })

  it.each(accepted.filter(({ type }) => type === ServiceType.Rtm))('$id is good', (entry) => {
    expect(inspect(entry.token, { userId: entry.userId, nowSeconds: entry.nowSeconds }).ok).toBe(true)
  })
})

describe('inspectToken never', () => {
  it('throws, whatever it is given', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('touched')
        },
        getPrototypeOf: () => {
          throw new Error('touched')
        },
        has: () => {
          throw new Error('touched')
        },
      },
    )
    const { proxy: revoked, revoke } = Proxy.revocable({}, {})
    revoke()
    for (const value of [hostile, revoked, Symbol('s'), 1n, (): void => {}, Object.create(null)]) {
      expect(inspect(value).ok).toBe(false)
    }
    const malformed = { appId: 1, appCertificate: [1], userId: {}, nowSeconds: 'now' }
    expect(fromJavaScript(inspectToken, token, malformed)).toHaveProperty('findings')
    const anything = fc.oneof(
      fc.anything(),
      anyText(0, 200),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => `007${Buffer.from(bytes).toString('base64')}`),
      fc
        .tuple(fc.nat(token.length), anyText(0, 20), fc.nat(5))
        .map(([where, text, length]) => token.slice(0, where) + text + token.slice(where + length)),
    )
    fc.assert(
      fc.property(anything, fc.anything(), (value, userId) => {
        const report = fromJavaScript(inspectToken, value, { ...known, userId })
        expect(report).toHaveProperty('summary')
      }),
      { numRuns: 300 },
    )
  })

  it('prints the token, the certificate or a signature, even where they stand in the wrong place', () => {
    const { signature } = parseAccessToken2(token)
    // Not even a part of the token: its first half is most of the signature.
    const secrets = [token.slice(10, 40), appCertificate, signature]
    const reports = [
      ...refused.map((entry) => inspect(entry.token)),
      inspect(token, { userId: token, appId: token }),
      inspect(token, { userId: appCertificate, appId: appCertificate }),
      inspect(tokenFor(rtmService({ userId: appCertificate }))),
      inspect(tokenFor(rtmService({ userId: appCertificate })), { userId: appCertificate }),
      inspect(appCertificate),
      inspect(`Bearer ${appCertificate}`),
      inspect(token, { appCertificate: `${appCertificate} ` }),
    ]
    for (const { summary, findings } of reports) {
      const said = [summary, ...findings.map((finding) => finding.message)].join('\n')
      for (const secret of secrets) expect(said).not.toContain(secret)
    }
  })
})
