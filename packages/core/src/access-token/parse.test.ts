import { deflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAccessToken2 } from './build.js'
import {
  appCertificate,
  appId,
  generated,
  historical,
  official,
  officialMalformed,
} from './known-answers.test.data.js'
import { parseAccessToken2 } from './parse.js'
import { ServiceType } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import { codeOf } from './calls.test.data.js'
import { anyText } from './texts.test.data.js'

/** How a service that was added reads back: numeric uids as text, permissions in ascending order. */
function asRead(service: AccessToken2ServiceInput): unknown {
  if ('account' in service && typeof service.account === 'number') {
    return { ...service, account: service.account === 0 ? '' : String(service.account) }
  }
  if (service.type !== ServiceType.Rtm2) return service
  const permissions = service.permissions.toSorted(
    (left, right) => left.resourceType - right.resourceType || left.permissionType - right.permissionType,
  )
  return { ...service, permissions }
}

/** A token around a payload, signed with nothing: parsing does not look. */
function tokenOf(payload: Buffer): string {
  return `007${deflateSync(payload).toString('base64')}`
}

describe('parseAccessToken2', () => {
  it.each([...official, ...generated])('$id: reads every field as it was written', (answer) => {
    const expected = {
      appId: answer.appId,
      issuedAtSeconds: answer.issuedAtSeconds,
      ttlSeconds: answer.ttlSeconds,
      salt: answer.salt,
      services: answer.services.toSorted((left, right) => left.type - right.type).map(asRead),
      signature: answer.intermediate['signatureHex'],
    }
    expect(answer.tokens.length).toBeGreaterThan(0)
    for (const token of answer.tokens) expect(parseAccessToken2(token)).toEqual(expected)
  })

  it.each(historical)(
    '$id: reads what older builders wrote, in the order in which they wrote it',
    (answer) => {
      const signature = answer.payloadHex.slice(4, 68)
      const { issuedAtSeconds, ttlSeconds, salt, services } = answer
      for (const token of answer.tokens) {
        expect(parseAccessToken2(token)).toEqual({
          appId: answer.appId,
          issuedAtSeconds,
          ttlSeconds,
          salt,
          services,
          signature,
        })
      }
    },
  )

  it('says where it stopped when a service is unknown, and leaves nothing out in silence', () => {
    const known = { type: ServiceType.Rtm, privileges: { 1: 60 }, userId: 'alice' }
    const token = buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services: [known, known] })
    const payload = Buffer.from(token.slice(3), 'base64').subarray(7, -4)
    // The second service becomes one of type 11, which nobody knows yet.
    payload.writeUInt16LE(11, payload.length - 17)
    expect(parseAccessToken2(tokenOf(payload))).toMatchObject({ services: [known], unreadServiceType: 11 })
    expect(parseAccessToken2(token)).not.toHaveProperty('unreadServiceType')
  })

  it('refuses bytes behind the last service', () => {
    const token = buildAccessToken2({
      appId,
      appCertificate,
      ttlSeconds: 60,
      services: [{ type: 9, privileges: {} }],
    })
    const payload = Buffer.from(token.slice(3), 'base64').subarray(7, -4)
    expect(codeOf(() => parseAccessToken2(tokenOf(Buffer.concat([payload, Buffer.alloc(1)]))))).toBe(
      'ERR_TOKEN_STRUCTURE',
    )
  })

  it('reads 64 services and refuses 65, each of them sound', () => {
    const services = Array.from({ length: 64 }, () => ({ type: ServiceType.Stt, privileges: {} }))
    const token = buildAccessToken2({ appId, appCertificate, ttlSeconds: 60, services })
    expect(parseAccessToken2(token).services).toEqual(services)
    const payload = Buffer.from(token.slice(3), 'base64').subarray(7, -4)
    payload.writeUInt16LE(65, 80)
    const oneMore = Buffer.concat([payload, payload.subarray(-4)])
    expect(codeOf(() => parseAccessToken2(tokenOf(oneMore)))).toBe('ERR_TOKEN_STRUCTURE')
  })

  it('refuses a permission that is listed twice, which readers would understand differently', () => {
    const permissions = [0, 1].map((permissionType) => ({ resourceType: 0, permissionType, resources: [] }))
    const token = buildAccessToken2({
      appId,
      appCertificate,
      ttlSeconds: 60,
      services: [{ type: ServiceType.Rtm2, privileges: {}, userId: 'alice', permissions }],
    })
    const payload = Buffer.from(token.slice(3), 'base64').subarray(7, -4)
    payload.writeUInt16LE(0, payload.length - 4)
    expect(codeOf(() => parseAccessToken2(tokenOf(payload)))).toBe('ERR_TOKEN_STRUCTURE')
  })

  it.each(officialMalformed)('refuses what official tests expect to fail: %s', (token) => {
    expect(codeOf(() => parseAccessToken2(token))).toMatch(/^ERR_TOKEN_(ENVELOPE|BASE64|ZLIB)$/)
  })

  it('throws an AgoraTokenError and nothing else, whatever the text is', () => {
    const codes = /^(none|ERR_TOKEN_(ENVELOPE|BASE64|ZLIB|STRUCTURE))$/
    const token = fc.oneof(
      anyText(0, 200),
      fc.base64String({ maxLength: 200 }).map((text) => `007${text}`),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => tokenOf(Buffer.from(bytes))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => `007${Buffer.from(bytes).toString('base64')}`),
    )
    fc.assert(
      fc.property(token, (text) => {
        expect(codeOf(() => parseAccessToken2(text))).toMatch(codes)
      }),
      { numRuns: 300 },
    )
  })

  it('throws an AgoraTokenError and nothing else for a sound payload with any byte changed or cut', () => {
    const payloads = [...official, ...generated].map(({ payloadHex }) => Buffer.from(payloadHex, 'hex'))
    fc.assert(
      fc.property(
        fc.constantFrom(...payloads),
        fc.nat(),
        fc.nat(0xff),
        fc.nat(),
        (payload, where, byte, cut) => {
          const changed = Buffer.from(payload)
          changed[where % payload.length] = byte
          const text = tokenOf(changed.subarray(0, cut % 3 === 0 ? cut % payload.length : undefined))
          expect(codeOf(() => parseAccessToken2(text))).toMatch(/^(none|ERR_TOKEN_STRUCTURE)$/)
        },
      ),
      { numRuns: 300 },
    )
  })
})
