import { randomInt } from 'node:crypto'
import { requireUserId } from '../input/identifiers.js'
import { AgoraValidationError } from '../errors.js'
import { requireHexAppCertificate, requireHexAppId } from '../input/app-id.js'
import { describe, isRecord } from '../input/describe.js'
import { isUint32 } from '../input/integer.js'
import { checkOptions } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import { requireIssueTime, requireTtlSeconds } from '../input/times.js'
import { sealPayload } from './format/envelope.js'
import type { TokenCompression } from './format/envelope.js'
import { PayloadWriter } from './format/payload.js'
import { deriveIssueKey, deriveSigningKey, signatureBytes, signPayload } from './format/signature.js'
import { maxServices } from './parse.js'
import { rtm } from './services/rtm.js'
import { findServiceKind } from './services/service-type.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'

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
  /** The Signaling user ID: 1 to 64 characters as the REST pages list them, always text. */
  readonly userId: string
}

/**
 * Builds an AccessToken2 for any of the ten services.
 *
 * It takes what {@link parseAccessToken2} returns, together with the certificate, and builds the same payload.
 *
 * @example
 * buildAccessToken2({
 *   appId, appCertificate, ttlSeconds: 3600,
 *   services: [rtmService({ userId: 'alice' }), rtcService({ channelName: 'stage', account: 'alice' })],
 * })
 *
 * @throws {AgoraValidationError} naming the argument at fault, `services[0].userId`. Never holds the certificate.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function buildAccessToken2(options: BuildAccessToken2Options): string {
  const given = requireOptions('buildAccessToken2()', options, tokenOptions)
  const head = requireHead(given)
  if (given['unreadServiceType'] !== undefined) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'unreadServiceType',
      'unreadServiceType says that the parsed token holds services which could not be read. A token built from the rest would be another one. Leave unreadServiceType out to build it nevertheless.',
    )
  }
  return sign(head, requireServices(given['services']))
}

/**
 * Builds the token that one user logs in to Signaling with, or that authenticates REST calls for them.
 *
 * @example
 * buildSignalingToken({ appId, appCertificate, userId: 'alice', ttlSeconds: 3600 }) // '007…'
 *
 * @throws {AgoraValidationError} naming the argument at fault. Never holds the certificate.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function buildSignalingToken(options: BuildSignalingTokenOptions): string {
  const given = requireOptions('buildSignalingToken()', options, signalingTokenOptions)
  const head = requireHead(given)
  const userId = requireUserId(given['userId'], 'userId')
  return sign(head, [
    { argument: 'service', kind: rtm, service: { privileges: { 1: head.ttlSeconds }, userId } },
  ])
}

/**
 * Signs services that the caller has checked under names of its own. They must be in the order of the wire.
 *
 * @throws {AgoraValidationError} naming the argument at fault. Never holds the certificate.
 */
export function signServices(options: TokenOptions, services: readonly GivenService[]): string {
  return sign(requireHead({ ...options }), services)
}

// The values are checked one by one, each with a code of its own.
const headOptions = {
  appId: checkedByItsOwner,
  appCertificate: checkedByItsOwner,
  ttlSeconds: checkedByItsOwner,
  issuedAtSeconds: checkedByItsOwner,
  salt: checkedByItsOwner,
  compression: checkedByItsOwner,
}
const signalingTokenOptions = { ...headOptions, userId: checkedByItsOwner }
const tokenOptions = {
  ...headOptions,
  services: checkedByItsOwner,
  // A parsed or verified token has these properties. They are accepted so that it can be built again.
  signature: checkedByItsOwner,
  unreadServiceType: checkedByItsOwner,
  expiresAtSeconds: checkedByItsOwner,
  service: checkedByItsOwner,
  privilegeExpiresAtSeconds: checkedByItsOwner,
}

function requireOptions(
  owner: string,
  options: object,
  names: typeof headOptions,
): Readonly<Record<string, unknown>> {
  checkOptions<object>(owner, options, names)
  return isRecord(options) ? options : {}
}

interface TokenHead {
  readonly appId: string
  readonly appCertificate: string
  readonly ttlSeconds: number
  readonly issuedAtSeconds: number
  readonly salt: number
  readonly compression: TokenCompression
}

function requireHead(options: Readonly<Record<string, unknown>>): TokenHead {
  const { appId, appCertificate, ttlSeconds, issuedAtSeconds, salt, compression } = options
  return {
    appId: requireHexAppId(appId, 'appId'),
    appCertificate: requireHexAppCertificate(appCertificate, 'appCertificate'),
    ttlSeconds: requireTtlSeconds(ttlSeconds, 'ttlSeconds', 1),
    issuedAtSeconds:
      issuedAtSeconds === undefined
        ? Math.floor(Date.now() / 1000)
        : requireIssueTime(issuedAtSeconds, 'issuedAtSeconds'),
    // The range that the builders of all languages have in common.
    salt: salt === undefined ? randomInt(1, 100_000_000) : requireSalt(salt),
    compression: compression === undefined ? 'stored' : requireCompression(compression),
  }
}

function requireSalt(value: unknown): number {
  if (isUint32(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'salt',
    `salt must be a whole number from 0 to 4294967295, got ${describe(value)}. Leave it out for a random one.`,
  )
}

function requireCompression(value: unknown): TokenCompression {
  if (value === 'stored' || value === 'deflate') return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'compression',
    `compression must be 'stored' or 'deflate', got ${describe(value)}.`,
  )
}

/** A service that is to be written, with its kind and its name in errors. */
export interface GivenService {
  readonly argument: string
  readonly kind: NonNullable<ReturnType<typeof findServiceKind>>
  readonly service: Readonly<Record<string, unknown>>
}

/** The services in the order of the wire: ascending by type, and those of one type as they were given. */
function requireServices(value: unknown): readonly GivenService[] {
  if (!Array.isArray(value) || value.length === 0) {
    const got = Array.isArray(value) ? 'an empty array' : describe(value)
    throw invalidService('services', `must be an array of at least one service, got ${got}`)
  }
  if (value.length > maxServices) {
    throw invalidService('services', `must hold at most ${maxServices} services, got ${value.length}`)
  }
  return Array.from(value, (service: unknown, index) =>
    requireService(service, `services[${index}]`),
  ).toSorted((left, right) => left.kind.type - right.kind.type)
}

function requireService(service: unknown, argument: string): GivenService {
  if (!isRecord(service)) throw invalidService(argument, `must be an object, got ${describe(service)}`)
  const type = service['type']
  const kind = findServiceKind(type)
  if (kind !== undefined) return { argument, kind, service }
  throw invalidService(`${argument}.type`, `must be one of the numbers in ServiceType, got ${describe(type)}`)
}

function invalidService(argument: string, problem: string): AgoraValidationError {
  return new AgoraValidationError('ERR_INVALID_SERVICE', argument, `${argument} ${problem}.`)
}

/** Writes the payload with room for the signature in front, and signs what follows the room. */
function sign(head: TokenHead, services: readonly GivenService[]): string {
  const writer = new PayloadWriter()
  writer.u16(signatureBytes)
  const signatureAt = writer.reserve(signatureBytes)
  const signedFrom = signatureAt + signatureBytes
  writer.text(head.appId)
  writer.u32(head.issuedAtSeconds)
  writer.u32(head.ttlSeconds)
  writer.u32(head.salt)
  writer.u16(services.length)
  for (const { argument, kind, service } of services) kind.write(writer, service, argument)

  const payload = writer.written
  const signingKey = deriveSigningKey(deriveIssueKey(head.appCertificate, head.issuedAtSeconds), head.salt)
  payload.set(signPayload(signingKey, payload.subarray(signedFrom)), signatureAt)
  return sealPayload(payload, head.compression)
}
