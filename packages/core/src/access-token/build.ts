import { randomInt } from 'node:crypto'
import { AgoraValidationError } from '../errors.js'
import {
  checkAppCertificate,
  checkAppId,
  checkIssuedAt,
  checkRecord,
  checkSalt,
  checkTtl,
  describe,
} from './arguments.js'
import { payloadArea, sealPayload } from './envelope.js'
import type { TokenCompression } from './envelope.js'
import { PayloadWriter } from './payload.js'
import { checkServices, checkSignalingUserId } from './service-arguments.js'
import { writeService } from './service-fields.js'
import { ServiceType } from './service-types.js'
import type { AccessToken2Service, AccessToken2ServiceInput } from './service-types.js'
import { deriveIssueKey, deriveSigningKey, signatureBytes, signPayload } from './signature.js'

interface TokenOptions {
  /** App ID: 32 hexadecimal characters, in the letter case the Agora Console shows. */
  readonly appId: string
  /** Primary app certificate: 32 hexadecimal characters, in the letter case the Console shows. Server-side only. */
  readonly appCertificate: string
  /** Lifetime from the time of issue in seconds, 1 to 86,400 (24 hours). Not a point in time. */
  readonly ttlSeconds: number
  /** Unix time in whole seconds. Default now. */
  readonly issuedAtSeconds?: number | undefined
  /** 0 to 4,294,967,295. Default a random number from 1 to 99,999,999. */
  readonly salt?: number | undefined
  /** Default `stored`, as Agora's Rust builder writes short tokens. Agora's published readers take both. */
  readonly compression?: TokenCompression | undefined
}

/** Options of {@link buildAccessToken2}. */
export interface BuildAccessToken2Options extends TokenOptions {
  /** 1 to 64 services. Several of one type keep their order. */
  readonly services: readonly AccessToken2ServiceInput[]
}

/** Options of {@link buildSignalingToken}. */
export interface BuildSignalingTokenOptions extends TokenOptions {
  /** The Signaling user ID: 1 to 64 bytes, always text. */
  readonly userId: string
}

/**
 * Builds an AccessToken2 for any of the ten services.
 *
 * What {@link parseAccessToken2} returns can be handed back in, with the certificate.
 *
 * @example
 * buildAccessToken2({
 *   appId, appCertificate, ttlSeconds: 3600,
 *   services: [rtmService({ userId: 'alice' }), rtcService({ channelName: 'stage', account: 'alice' })],
 * })
 *
 * @throws {AgoraValidationError} naming the argument at fault, `services[0].userId`. Never holds the certificate.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function buildAccessToken2(options: BuildAccessToken2Options): string {
  const given = checkRecord(options, 'options')
  const head = checkHead(given)
  if (given['unreadServiceType'] !== undefined) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'unreadServiceType',
      'unreadServiceType says that the parsed token holds services which could not be read: a token built from the rest would be another one. Leave it out to build it nevertheless.',
    )
  }
  return sign(head, checkServices(given['services']))
}

/**
 * Builds the token that one user logs in to Signaling with, or that authenticates REST calls for them.
 *
 * @example
 * buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 3600 }) // '007…'
 *
 * @throws {AgoraValidationError} naming the argument at fault. Never holds the certificate.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function buildSignalingToken(options: BuildSignalingTokenOptions): string {
  const given = checkRecord(options, 'options')
  const head = checkHead(given)
  const userId = checkSignalingUserId(given['userId'], 'userId')
  return sign(head, [{ type: ServiceType.Rtm, privileges: { 1: head.ttlSeconds }, userId }])
}

interface TokenHead {
  readonly appId: string
  readonly appCertificate: string
  readonly ttlSeconds: number
  readonly issuedAtSeconds: number
  readonly salt: number
  readonly compression: TokenCompression
}

function checkHead(options: Readonly<Record<string, unknown>>): TokenHead {
  const { appId, appCertificate, ttlSeconds, issuedAtSeconds, salt, compression } = options
  return {
    appId: checkAppId(appId, 'appId'),
    appCertificate: checkAppCertificate(appCertificate, 'appCertificate'),
    ttlSeconds: checkTtl(ttlSeconds, 'ttlSeconds', 1),
    issuedAtSeconds:
      issuedAtSeconds === undefined
        ? Math.floor(Date.now() / 1000)
        : checkIssuedAt(issuedAtSeconds, 'issuedAtSeconds'),
    // The range that the builders of all languages have in common.
    salt: salt === undefined ? randomInt(1, 100_000_000) : checkSalt(salt, 'salt'),
    compression: compression === undefined ? 'stored' : checkCompression(compression),
  }
}

function checkCompression(value: unknown): TokenCompression {
  if (value === 'stored' || value === 'deflate') return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'compression',
    `compression must be 'stored' or 'deflate', got ${describe(value)}.`,
  )
}

/** Writes the payload with room for the signature in front, and signs what follows the room. */
function sign(head: TokenHead, services: readonly AccessToken2Service[]): string {
  const writer = new PayloadWriter(payloadArea)
  writer.u16(signatureBytes)
  const signatureAt = writer.reserve(signatureBytes)
  const signedFrom = writer.length
  writer.text(head.appId)
  writer.u32(head.issuedAtSeconds)
  writer.u32(head.ttlSeconds)
  writer.u32(head.salt)
  writer.u16(services.length)
  for (const service of services) writeService(writer, service)

  const signingKey = deriveSigningKey(deriveIssueKey(head.appCertificate, head.issuedAtSeconds), head.salt)
  payloadArea.set(signPayload(signingKey, payloadArea.subarray(signedFrom, writer.length)), signatureAt)
  return sealPayload(writer.length, head.compression)
}
