import { AgoraTokenError } from '../errors.js'
import { openEnvelope } from './format/envelope.js'
import { PayloadReader } from './format/payload.js'
import type { SignedPayload } from './format/signature.js'
import { findServiceKind } from './services/service-type.js'
import type { AccessToken2Service } from './services/service-type.js'

/** A token holds a handful of services in practice. The limit keeps a crafted count from costing work. */
export const maxServices = 64

/** What an AccessToken2 says: plain data, nothing of it verified. */
export interface ParsedAccessToken2 {
  readonly appId: string
  /** Unix time in seconds. */
  readonly issuedAtSeconds: number
  /** Lifetime from the time of issue in seconds, as written. Agora ends every token after 24 hours. */
  readonly ttlSeconds: number
  readonly salt: number
  /** In the order of the token. */
  readonly services: readonly AccessToken2Service[]
  /** Lower-case hexadecimal. */
  readonly signature: string
  /**
   * Number of the first service that this package does not know. Reading stopped there. That service and all that
   * follow are missing from `services`. Absent when all was read.
   */
  readonly unreadServiceType?: number
}

/**
 * Reads an AccessToken2 without verifying anything: not the signature, not the time, not whose it is.
 *
 * Never grant access for what it returns. Use {@link verifyAccessToken2} for that.
 *
 * @example
 * const { services, issuedAtSeconds } = parseAccessToken2(token)
 *
 * @throws {AgoraTokenError} `ERR_TOKEN_ENVELOPE`, `ERR_TOKEN_BASE64`, `ERR_TOKEN_ZLIB`, `ERR_TOKEN_STRUCTURE`
 */
export function parseAccessToken2(token: string): ParsedAccessToken2 {
  return readToken(token).parsed
}

/** A token as read, with the bytes that its signature is checked on. */
export interface ReadToken {
  readonly parsed: ParsedAccessToken2
  readonly signed: SignedPayload
}

/** The common half of parsing, verifying and inspecting. Throws as {@link parseAccessToken2} does. */
export function readToken(token: unknown): ReadToken {
  const payload = openEnvelope(token)
  const reader = new PayloadReader(payload)
  const signature = reader.bytes('the signature')
  const signingInfo = payload.subarray(reader.position)
  const appId = reader.text('the App ID')
  const issuedAtSeconds = reader.u32('the time of issue')
  const ttlSeconds = reader.u32('the lifetime')
  const salt = reader.u32('the salt')
  const { services, unreadServiceType } = readServices(reader)
  const parsed = {
    appId,
    issuedAtSeconds,
    ttlSeconds,
    salt,
    services,
    signature: signature.toString('hex'),
  }
  return {
    parsed: unreadServiceType === undefined ? parsed : { ...parsed, unreadServiceType },
    signed: { signature, signingInfo, issuedAtSeconds, salt },
  }
}

function readServices(reader: PayloadReader): {
  services: AccessToken2Service[]
  unreadServiceType?: number
} {
  const count = reader.u16('the service count')
  if (count > maxServices) {
    throw new AgoraTokenError(
      'ERR_TOKEN_STRUCTURE',
      `The token is malformed: it announces ${count} services, at most ${maxServices} are read.`,
    )
  }
  const services: AccessToken2Service[] = []
  while (services.length < count) {
    const type = reader.u16('a service type')
    const kind = findServiceKind(type)
    // A service does not say how long it is, so nothing that follows an unknown one can be found.
    if (kind === undefined) return { services, unreadServiceType: type }
    services.push(kind.read(reader))
  }
  if (reader.remaining > 0) {
    throw new AgoraTokenError(
      'ERR_TOKEN_STRUCTURE',
      `The token is malformed: ${reader.remaining} bytes follow its last service.`,
    )
  }
  return { services }
}
