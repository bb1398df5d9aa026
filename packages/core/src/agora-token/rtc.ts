/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { signServices } from '../access-token/build.js'
import type { GivenService } from '../access-token/build.js'
import { channelName as channelNameField } from '../access-token/services/field.js'
import { rtc } from '../access-token/services/rtc.js'
import { AgoraValidationError } from '../errors.js'
import { describe } from '../input/describe.js'
import { requireExpire, requirePrivilegeExpire, requireRtcUser } from './arguments.js'
import { rtmHalf } from './rtm.js'

/** The roles of a channel. */
export const RtcRole: { readonly PUBLISHER: number; readonly SUBSCRIBER: number } = {
  /** May join and publish. */
  PUBLISHER: 1,
  /** May join. Agora lets it publish, too, until co-host authentication is switched on for the project. */
  SUBSCRIBER: 2,
}

/**
 * `RtcTokenBuilder` of the npm package `agora-token`: tokens for voice and video channels.
 *
 * Lifetimes are seconds from now, not points in time. Agora ends every token after 86,400 (24 hours). A privilege with the
 * lifetime 0, or without one, lives as long as the token.
 */
export class RtcTokenBuilder {
  /**
   * Builds a token to join one channel.
   *
   * @param uid 0 to 4,294,967,295. 0 means any user.
   * @param role `RtcRole.PUBLISHER` or `RtcRole.SUBSCRIBER`.
   *
   * @example
   * RtcTokenBuilder.buildTokenWithUid(appId, appCertificate, 'stage', 42, RtcRole.PUBLISHER, 3600)
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithUid(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    uid: string | number,
    role: number,
    tokenExpire: number,
    privilegeExpire: number = 0,
  ): string {
    const ttlSeconds = requireExpire(tokenExpire, 'tokenExpire')
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByRole(channelName, uid, 'uid', role, privilegeExpire),
    ])
  }

  /**
   * As {@link RtcTokenBuilder.buildTokenWithUid}, with an account of at most 255 bytes.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithUserAccount(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    account: string | number,
    role: number,
    tokenExpire: number,
    privilegeExpire: number = 0,
  ): string {
    const ttlSeconds = requireExpire(tokenExpire, 'tokenExpire')
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByRole(channelName, account, 'account', role, privilegeExpire),
    ])
  }

  /**
   * Builds a token with all four privileges, each with a lifetime of its own.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithUidAndPrivilege(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    uid: string | number,
    tokenExpire: number,
    joinChannelPrivilegeExpire: number,
    pubAudioPrivilegeExpire: number,
    pubVideoPrivilegeExpire: number,
    pubDataStreamPrivilegeExpire: number,
  ): string {
    const ttlSeconds = requireExpire(tokenExpire, 'tokenExpire')
    const expires = {
      joinChannelPrivilegeExpire,
      pubAudioPrivilegeExpire,
      pubVideoPrivilegeExpire,
      pubDataStreamPrivilegeExpire,
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByPrivilege(channelName, uid, 'uid', expires, true),
    ])
  }

  /**
   * As {@link RtcTokenBuilder.buildTokenWithUidAndPrivilege}, with an account. The capital B is that of `agora-token`.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static BuildTokenWithUserAccountAndPrivilege(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    account: string | number,
    tokenExpire: number,
    joinChannelPrivilegeExpire: number,
    pubAudioPrivilegeExpire: number,
    pubVideoPrivilegeExpire: number,
    pubDataStreamPrivilegeExpire: number,
  ): string {
    const ttlSeconds = requireExpire(tokenExpire, 'tokenExpire')
    const expires = {
      joinChannelPrivilegeExpire,
      pubAudioPrivilegeExpire,
      pubVideoPrivilegeExpire,
      pubDataStreamPrivilegeExpire,
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByPrivilege(channelName, account, 'account', expires, true),
    ])
  }

  /**
   * Builds a token for one channel and for Signaling, for the same user.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithRtm(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    account: string | number,
    role: number,
    tokenExpire: number,
    privilegeExpire: number = 0,
  ): string {
    const ttlSeconds = requireExpire(tokenExpire, 'tokenExpire')
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByRole(channelName, account, 'account', role, privilegeExpire),
      rtmHalf(account, 'account', ttlSeconds),
    ])
  }

  /**
   * Builds a token for one channel and for Signaling, with a lifetime for each privilege.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildTokenWithRtm2(
    this: void,
    appId: string,
    appCertificate: string,
    channelName: string,
    rtcAccount: string | number,
    rtcRole: number,
    rtcTokenExpire: number,
    joinChannelPrivilegeExpire: number,
    pubAudioPrivilegeExpire: number,
    pubVideoPrivilegeExpire: number,
    pubDataStreamPrivilegeExpire: number,
    rtmUserId: string | number,
    rtmTokenExpire: number,
  ): string {
    const ttlSeconds = requireExpire(rtcTokenExpire, 'rtcTokenExpire')
    const expires = {
      joinChannelPrivilegeExpire,
      pubAudioPrivilegeExpire,
      pubVideoPrivilegeExpire,
      pubDataStreamPrivilegeExpire,
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtcByPrivilege(channelName, rtcAccount, 'rtcAccount', expires, publishes(rtcRole, 'rtcRole')),
      rtmHalf(rtmUserId, 'rtmUserId', requirePrivilegeExpire(rtmTokenExpire, 'rtmTokenExpire')),
    ])
  }
}

/** Lifetimes of the four privileges, under the names that the builders give them. */
export interface RtcPrivilegeExpires {
  readonly joinChannelPrivilegeExpire: number
  readonly pubAudioPrivilegeExpire: number
  readonly pubVideoPrivilegeExpire: number
  readonly pubDataStreamPrivilegeExpire: number
}

/** @throws {AgoraValidationError} naming the argument at fault. */
export function rtcByPrivilege(
  channelName: unknown,
  user: unknown,
  userArgument: string,
  expires: RtcPrivilegeExpires,
  canPublish: boolean,
): GivenService {
  const [join, ...publish] = Object.entries(expires).map(([argument, value]) =>
    requirePrivilegeExpire(value, argument),
  )
  return rtcService(channelName, user, userArgument, canPublish ? [join, ...publish] : [join])
}

function rtcByRole(
  channelName: unknown,
  user: unknown,
  userArgument: string,
  role: unknown,
  privilegeExpire: unknown,
): GivenService {
  const seconds = requirePrivilegeExpire(privilegeExpire, 'privilegeExpire')
  const lifetimes = publishes(role, 'role') ? [seconds, seconds, seconds, seconds] : [seconds]
  return rtcService(channelName, user, userArgument, lifetimes)
}

/** @param lifetimes Of the privileges from number 1 on. */
function rtcService(
  channelName: unknown,
  user: unknown,
  userArgument: string,
  lifetimes: readonly (number | undefined)[],
): GivenService {
  return {
    argument: 'service',
    kind: rtc,
    service: {
      privileges: Object.fromEntries(lifetimes.map((seconds, index) => [index + 1, seconds])),
      channelName: channelNameField.check(channelName, 'channelName', {}),
      account: requireRtcUser(user, userArgument),
    },
  }
}

/**
 * Whether a role may publish. `agora-token` takes any role that it does not know for a subscriber.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`
 */
function publishes(role: unknown, argument: string): boolean {
  if (role === '1') return true
  return isPublisher(role, argument)
}

/**
 * As above, where `agora-token` takes the text `'1'` for a subscriber.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`
 */
export function isPublisher(role: unknown, argument: string): boolean {
  if (role === RtcRole.PUBLISHER) return true
  if (role === RtcRole.SUBSCRIBER || role === '2') return false
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be RtcRole.PUBLISHER (1) or RtcRole.SUBSCRIBER (2), got ${describe(role)}.`,
  )
}
