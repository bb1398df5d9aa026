import { inflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAccessToken2, buildSignalingToken } from './build.js'
import { codeOf, fromJavaScript, refusalOf } from './calls.test.data.js'
import type { Refusal } from './calls.test.data.js'
import { appCertificate, appId, generated, historical, official } from './known-answers.test.data.js'
import type { KnownAnswer } from './known-answers.test.data.js'
import { parseAccessToken2 } from './parse.js'
import { isSignedWith } from './format/signature.js'
import { readToken } from './parse.js'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import { anyServices } from './services.test.data.js'

const head = { appId, appCertificate, ttlSeconds: 3600, issuedAtSeconds: 1_700_000_000, salt: 12_345_678 }
const rtm = { type: ServiceType.Rtm, privileges: { 1: 3600 }, userId: 'alice' }

function payloadHex(token: string): string {
  expect(token.startsWith('007')).toBe(true)
  return inflateSync(Buffer.from(token.slice(3), 'base64')).toString('hex')
}

type Changes = Readonly<Record<string, unknown>>

/** What the builder says to options of which something is changed to the wrong. */
function refusal(changes: Changes): Refusal {
  return refusalOf(() => fromJavaScript(buildAccessToken2, { ...head, services: [rtm], ...changes }))
}

function refusedService(changes: Changes): Refusal {
  return refusal({ services: [{ ...rtm, ...changes }] })
}

function refusedSignaling(changes: Changes): Refusal {
  return refusalOf(() => fromJavaScript(buildSignalingToken, { ...head, userId: 'alice', ...changes }))
}

function inChannel(channelName: string, account: string | number = ''): AccessToken2ServiceInput {
  return { type: ServiceType.Rtc, privileges: { 1: 0 }, channelName, account }
}

describe('buildAccessToken2', () => {
  const targets = [...official, ...generated].filter(({ id }) => id !== 'NPM-07')

  it.each(targets.filter((answer) => answer.appCertificate !== undefined))(
    '$id: builds the payload that the official builder built, stored and compressed',
    (answer) => {
      for (const compression of ['stored', 'deflate', undefined] as const) {
        expect(payloadHex(rebuild(answer, compression))).toBe(answer.payloadHex)
      }
    },
  )

  it('has no known answer left out but the one whose certificate is not published', () => {
    expect(targets.filter((answer) => answer.appCertificate === undefined).map(({ id }) => id)).toEqual([
      'KAT-12',
    ])
    expect(targets.length + historical.length).toBeGreaterThan(40)
  })

  it('NPM-07: refuses to build a Signaling token for nobody', () => {
    expect(refusedService({ userId: '' })).toEqual({
      code: 'ERR_INVALID_USER_ID',
      argument: 'services[0].userId',
      message: 'services[0].userId must not be empty.',
    })
  })

  it('takes what parsing returns and builds the same payload from it', () => {
    for (const { appCertificate: certificate, tokens, payloadHex: expected } of targets) {
      const [token] = tokens
      if (token === undefined || certificate === undefined) continue
      const parsed = parseAccessToken2(token)
      expect(payloadHex(buildAccessToken2({ ...parsed, appCertificate: certificate }))).toBe(expected)
    }
  })

  it('round-trips any services with any text, salt and time, and signs what it writes', () => {
    fc.assert(
      fc.property(
        anyServices,
        fc.nat(0xffff_ffff),
        fc.nat(0xffff_ffff),
        fc.integer({ min: 1, max: 86_400 }),
        fc.constantFrom('stored' as const, 'deflate' as const),
        (services, salt, issuedAtSeconds, ttlSeconds, compression) => {
          const token = buildAccessToken2({
            appId,
            appCertificate,
            services,
            salt,
            issuedAtSeconds,
            ttlSeconds,
            compression,
          })
          const { signature, ...parsed } = parseAccessToken2(token)
          expect(parsed).toEqual({ appId, issuedAtSeconds, ttlSeconds, salt, services })
          expect(signature).toMatch(/^[0-9a-f]{64}$/)
          expect(isSignedWith(appCertificate, readToken(token).signed)).toBe(true)
        },
      ),
    )
  })

  it('writes services by number and keeps the order of two of a kind', () => {
    const { services } = parseAccessToken2(
      buildAccessToken2({ ...head, services: [inChannel('z'), rtm, inChannel('a')] }),
    )
    expect(services).toEqual([inChannel('z'), inChannel('a'), rtm])
  })

  it('takes a numeric uid as account: 0 is any user, the text "0" is a user of that name', () => {
    const { services } = parseAccessToken2(
      buildAccessToken2({
        ...head,
        services: [0, 42, 4_294_967_295, '0', ''].map((account) => inChannel('room', account)),
      }),
    )
    expect(services).toEqual(['', '42', '4294967295', '0', ''].map((account) => inChannel('room', account)))
  })

  it('draws a salt from 1 to 99,999,999 and takes the time now when none is given', () => {
    const before = Math.floor(Date.now() / 1000)
    const tokens = Array.from({ length: 50 }, () =>
      parseAccessToken2(buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services: [rtm] })),
    )
    const after = Math.floor(Date.now() / 1000)
    expect(new Set(tokens.map(({ salt }) => salt)).size).toBeGreaterThan(1)
    for (const { salt, issuedAtSeconds } of tokens) {
      expect(salt).toBeGreaterThanOrEqual(1)
      expect(salt).toBeLessThanOrEqual(99_999_999)
      expect(issuedAtSeconds).toBeGreaterThanOrEqual(before)
      expect(issuedAtSeconds).toBeLessThanOrEqual(after)
    }
  })

  it('signs what it checked, when a property gives another value at the second read', () => {
    let reads = 0
    const service = {
      ...rtm,
      get userId(): string {
        reads += 1
        return reads === 1 ? 'alice' : 'mallory'
      },
    }
    expect(parseAccessToken2(buildAccessToken2({ ...head, services: [service] })).services).toEqual([rtm])
  })
})

describe('buildAccessToken2 refuses, and names the argument:', () => {
  it.each([
    ['31 characters', appId.slice(1)],
    ['something not hexadecimal', `${appId.slice(1)}g`],
    ['a line break at the end', `${appId}\n`],
    ['an unset environment variable', undefined],
    ['a number', 12],
  ])('an App ID that is %s', (_what, value) => {
    const { code, argument, message } = refusal({ appId: value })
    expect([code, argument]).toEqual(['ERR_INVALID_APP_ID', 'appId'])
    expect(message).toContain('AGORA_APP_ID')
  })

  it.each([
    ['31 characters', appCertificate.slice(1)],
    ['something not hexadecimal', `${appCertificate.slice(1)}g`],
    ['white space at the end', `${appCertificate} `],
    ['an unset environment variable', undefined],
    ['empty', ''],
  ])('an app certificate that is %s, without showing it', (_what, value) => {
    const { code, argument, message } = refusal({ appCertificate: value })
    expect([code, argument]).toEqual(['ERR_INVALID_APP_CERTIFICATE', 'appCertificate'])
    expect(message).toContain('AGORA_APP_CERTIFICATE')
    expect(message).not.toContain(appCertificate.slice(1, 31))
  })

  it.each([
    [0],
    [-1],
    [86_401],
    [60.9],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['60'],
    [undefined],
    [null],
  ])('a ttlSeconds of %s', (value) => {
    const { code, argument, message } = refusal({ ttlSeconds: value })
    expect([code, argument]).toEqual(['ERR_INVALID_TTL', 'ttlSeconds'])
    expect(message).toContain('from 1 to 86400')
  })

  it.each([[1_700_003_600], [4_294_967_295], [new Date(0)]])(
    'a ttlSeconds that is a point in time: %s',
    (value) => {
      const { code, argument, message } = refusal({ ttlSeconds: value })
      expect([code, argument]).toEqual(['ERR_INVALID_TTL', 'ttlSeconds'])
      expect(message).toContain('ttlSeconds is a duration from now, got what looks like a point in time.')
    },
  )

  it('a ttlSeconds that is a point in time in milliseconds', () => {
    expect(refusal({ ttlSeconds: 1_700_003_600_000 }).message).toContain('a point in time in milliseconds.')
  })

  it.each([[-1], [86_401], [1.5], ['60'], [1_700_003_600]])('a privilege lifetime of %s', (value) => {
    const { code, argument } = refusal({ services: [rtm, { ...rtm, privileges: { 1: value } }] })
    expect([code, argument]).toEqual(['ERR_INVALID_TTL', 'services[1].privileges[1]'])
  })

  it('a time of issue in milliseconds, with a fraction, or past 32 bits', () => {
    const { code, argument, message } = refusal({ issuedAtSeconds: 1_700_000_000_000 })
    expect([code, argument]).toEqual(['ERR_INVALID_ARGUMENT', 'issuedAtSeconds'])
    expect(message).toContain('what looks like milliseconds')
    for (const value of [Date.now() / 1000 + 0.5, -1, 2 ** 32, '1700000000']) {
      expect(refusal({ issuedAtSeconds: value }).argument).toBe('issuedAtSeconds')
    }
  })

  it('a salt past 32 bits, a compression it does not know, options that are no object', () => {
    for (const salt of [-1, 2 ** 32, 1.5, '1', null]) expect(refusal({ salt }).argument).toBe('salt')
    expect(refusal({ compression: 'gzip' }).argument).toBe('compression')
    for (const options of [undefined, null, 'x', [head]]) {
      expect(codeOf(() => fromJavaScript(buildAccessToken2, options))).toBe('ERR_CONFIG_INVALID')
    }
  })

  it('no services, services that are no list, and more than 64', () => {
    for (const services of [[], undefined, rtm, Array.from({ length: 65 }, () => rtm)]) {
      expect(refusal({ services })).toMatchObject({ code: 'ERR_INVALID_SERVICE', argument: 'services' })
    }
    expect(buildAccessToken2({ ...head, services: Array.from({ length: 64 }, () => rtm) })).toMatch(/^007/)
  })

  it.each([[0], [11], [999], ['2'], [undefined]])('a service of type %s', (type) => {
    expect(refusedService({ type })).toMatchObject({
      code: 'ERR_INVALID_SERVICE',
      argument: 'services[0].type',
    })
  })

  it('a service that is no object', () => {
    for (const service of [null, undefined, 'rtm', [rtm]]) {
      expect(refusal({ services: [rtm, service] }).argument).toBe('services[1]')
    }
  })

  it.each([
    ['a number, which the client would send as text', 42, 'a number: convert it with String(…)'],
    ['undefined', undefined, 'must be a string, got undefined'],
    ['null', null, 'must be a string, got null'],
    ['empty', '', 'must not be empty'],
    ['65 bytes', 'é'.repeat(32) + 'a', 'at most 64 bytes in UTF-8, got 65'],
    ['half a surrogate pair', 'a\uD83D', 'half of a surrogate pair'],
  ])('a user ID that is %s', (_what, userId, problem) => {
    for (const type of [ServiceType.Rtm, ServiceType.Rtm2]) {
      const { code, argument, message } = refusedService({ type, userId, permissions: [] })
      expect([code, argument]).toEqual(['ERR_INVALID_USER_ID', 'services[0].userId'])
      expect(message).toContain(problem)
    }
  })

  it('a Chat user ID that is empty, unless the token is for the app', () => {
    const chat = { type: ServiceType.Chat, userId: '' }
    expect(refusedService({ ...chat, privileges: { 1: 0 } })).toMatchObject({
      argument: 'services[0].userId',
    })
    expect(buildAccessToken2({ ...head, services: [{ ...chat, privileges: { 2: 0 } }] })).toMatch(/^007/)
  })

  it('a channel name over 64 bytes, an account over 255, a uid past 32 bits', () => {
    const rtc = { type: ServiceType.Rtc, channelName: 'room', account: 'alice' }
    expect(refusedService({ ...rtc, channelName: 'c'.repeat(65) })).toMatchObject({
      code: 'ERR_INVALID_CHANNEL',
      argument: 'services[0].channelName',
    })
    expect(refusedService({ ...rtc, channelName: undefined }).argument).toBe('services[0].channelName')
    for (const account of ['a'.repeat(256), undefined, Number.NaN, -5, 1.5, 2 ** 32]) {
      expect(refusedService({ ...rtc, account })).toMatchObject({
        code: 'ERR_INVALID_USER_ID',
        argument: 'services[0].account',
      })
    }
  })

  it('an APaaS role outside 16 bits', () => {
    const apaas = { type: ServiceType.Apaas, roomUuid: '', userUuid: '' }
    for (const role of [-32_769, 32_768, 1.5, '1', undefined]) {
      expect(refusedService({ ...apaas, role }).argument).toBe('services[0].role')
    }
  })

  it('privileges that are missing, a Map, or have keys that are no 16-bit numbers', () => {
    for (const privileges of [
      undefined,
      new Map([[1, 0]]),
      [3600],
      { login: 0 },
      { 65536: 0 },
      { '01': 0 },
    ]) {
      expect(refusedService({ privileges })).toMatchObject({
        code: 'ERR_INVALID_SERVICE',
        argument: 'services[0].privileges',
      })
    }
    expect(buildAccessToken2({ ...head, services: [{ ...rtm, privileges: { 65535: 0 } }] })).toMatch(/^007/)
  })

  it('RTM2 permissions that are malformed or say the same twice', () => {
    const permission = { resourceType: 0, permissionType: 1, resources: ['room'] }
    const rtm2 = (...permissions: unknown[]): { argument: string } =>
      refusedService({ type: ServiceType.Rtm2, permissions })
    expect(rtm2(permission, permission).argument).toBe('services[0].permissions')
    expect(rtm2({ ...permission, resourceType: -1 }).argument).toBe('services[0].permissions[0].resourceType')
    expect(rtm2({ ...permission, permissionType: 'read' }).argument).toBe(
      'services[0].permissions[0].permissionType',
    )
    expect(rtm2(permission, { ...permission, resources: 'room' }).argument).toBe(
      'services[0].permissions[1].resources',
    )
    expect(rtm2({ ...permission, resources: ['a', 1] }).argument).toBe(
      'services[0].permissions[0].resources[1]',
    )
    expect(refusedService({ type: ServiceType.Rtm2, permissions: undefined }).argument).toBe(
      'services[0].permissions',
    )
  })

  it('services that no token can hold', () => {
    const chat = { type: ServiceType.Chat, privileges: { 1: 0 } }
    expect(refusal({ services: [{ ...chat, userId: 'a'.repeat(7000) }] })).toMatchObject({
      code: 'ERR_INVALID_SERVICE',
      argument: 'services',
    })
    expect(refusal({ services: [{ ...chat, userId: 'a'.repeat(65_535) }] }).message).toContain('65536 bytes')
  })

  it('a parsed token of which a part could not be read: the rest would be another token', () => {
    expect(refusal({ unreadServiceType: 11 })).toMatchObject({
      code: 'ERR_INVALID_SERVICE',
      argument: 'unreadServiceType',
    })
  })
})

describe('buildSignalingToken', () => {
  it('grants one user the login for the lifetime of the token', () => {
    const token = buildSignalingToken({ ...head, userId: 'alice' })
    expect(payloadHex(token)).toBe(generated.find(({ id }) => id === 'NPM-01')?.payloadHex)
  })

  it('is compressed when asked to be', () => {
    const options = { ...head, userId: 'a'.repeat(64) }
    const compressed = buildSignalingToken({ ...options, compression: 'deflate' })
    expect(payloadHex(compressed)).toBe(payloadHex(buildSignalingToken(options)))
    expect(compressed.length).toBeLessThan(buildSignalingToken(options).length)
  })

  it('names userId and ttlSeconds as the caller wrote them', () => {
    expect(refusedSignaling({ userId: 42 })).toEqual({
      code: 'ERR_INVALID_USER_ID',
      argument: 'userId',
      message: 'userId must be a string, got a number (convert it with String(id)).',
    })
    expect(refusedSignaling({ userId: '' }).argument).toBe('userId')
    expect(refusedSignaling({ ttlSeconds: undefined }).argument).toBe('ttlSeconds')
  })
})

function rebuild(answer: KnownAnswer, compression: 'stored' | 'deflate' | undefined): string {
  if (answer.appCertificate === undefined) throw new Error('a certificate is needed to build')
  const { appCertificate: certificate, issuedAtSeconds, salt, ttlSeconds, services } = answer
  return buildAccessToken2({
    appId: answer.appId,
    appCertificate: certificate,
    issuedAtSeconds,
    salt,
    ttlSeconds,
    services,
    compression,
  })
}
