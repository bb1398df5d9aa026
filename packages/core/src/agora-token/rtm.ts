/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { signServices } from '../access-token/build.js'
import type { GivenService } from '../access-token/build.js'
import { field, signalingUser, textCodec, textOf } from '../access-token/services/field.js'
import { rtm } from '../access-token/services/rtm.js'
import type { RtmService, RtmServiceOptions } from '../access-token/services/rtm.js'
import { rtm2 } from '../access-token/services/rtm2.js'
import { ServiceKind } from '../access-token/services/service-kind.js'
import type { TextRule } from '../input/text.js'
import { requireExpire, requireUser } from './arguments.js'
import { listPermissions } from './rtm2-permissions.js'
import type { Rtm2Permissions } from './rtm2-permissions.js'

/** `RtmTokenBuilder` of the npm package `agora-token`: tokens for Signaling. */
export class RtmTokenBuilder {
  /**
   * Builds a token that one user logs in to Signaling with.
   *
   * @param userId 1 to 64 bytes. A number becomes its decimal text.
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @example
   * RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', 3600)
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildToken(
    this: void,
    appId: string,
    appCertificate: string,
    userId: string | number,
    expire: number,
  ): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const service = {
      privileges: { 1: ttlSeconds },
      userId: requireUser(userId, 'userId', signalingUser),
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: rtm, service },
    ])
  }

  /**
   * Builds a token with permissions for single channels and users. Agora switches this on by request.
   *
   * @param permissions What the user may do. Without any, the list is empty.
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithPermissions(
    this: void,
    appId: string,
    appCertificate: string,
    userId: string | number,
    permissions: Rtm2Permissions,
    expire: number,
  ): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const service = {
      privileges: { 1: ttlSeconds },
      userId: requireUser(userId, 'userId', signalingUser),
      permissions: listPermissions(permissions, 'permissions'),
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: rtm2, service },
    ])
  }
}

// Beside another service, the user may be empty: the other half of the token is good without a Signaling user. 255 bytes
// are what an RTC account may have.
const userBesideOthers: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 0, maxBytes: 255 }

const rtmBesideOthers: ServiceKind<RtmService, RtmServiceOptions> = new ServiceKind({
  type: 2,
  name: 'RTM',
  factory: 'rtmService()',
  privileges: { 1: { name: 'login', option: 'loginTtlSeconds' } },
  fields: { userId: field(textCodec, 'a user ID', textOf(userBesideOthers)) },
})

/**
 * The Signaling half of a token for more than Signaling.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`
 */
export function rtmHalf(user: unknown, argument: string, loginSeconds: number): GivenService {
  return {
    argument: 'service',
    kind: rtmBesideOthers,
    service: { privileges: { 1: loginSeconds }, userId: requireUser(user, argument, userBesideOthers) },
  }
}
