import { account, channelName } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privileges: 1 join channel, 2 publish audio, 3 publish video, 4 publish data. */
export interface RtcService extends ServiceOf<1> {
  /** At most 64 bytes. Agora reads an empty name as any channel. */
  readonly channelName: string
  /** User account, or a numeric uid as decimal text. An empty one is for any user. */
  readonly account: string
}

/** Options of {@link rtcService}. Lifetimes are in seconds from the time of issue, 0 to 86,400; 0: as long as the token. */
export interface RtcServiceOptions {
  /** At most 64 bytes. Agora reads an empty name as any channel. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid. The uid 0 and the empty text mean any user. */
  readonly account: string | number
  /** Default 0: as long as the token. */
  readonly joinTtlSeconds?: number | undefined
  readonly publishAudioTtlSeconds?: number | undefined
  readonly publishVideoTtlSeconds?: number | undefined
  readonly publishDataTtlSeconds?: number | undefined
}

/** Voice and video channels. */
export const rtc: ServiceKind<RtcService, RtcServiceOptions> = new ServiceKind({
  type: 1,
  name: 'RTC',
  factory: 'rtcService()',
  privileges: {
    1: { name: 'join channel', option: 'joinTtlSeconds', isGrantedWithout: () => true },
    2: { name: 'publish audio', option: 'publishAudioTtlSeconds' },
    3: { name: 'publish video', option: 'publishVideoTtlSeconds' },
    4: { name: 'publish data', option: 'publishDataTtlSeconds' },
  },
  fields: { channelName, account },
  subject: { userId: 'account', channelName: 'channelName' },
  hasUserWildcard: true,
})

/**
 * The right to join one voice or video channel. Each publish option that is given adds that right.
 *
 * @example
 * rtcService({ channelName: 'stage', account: 42, publishAudioTtlSeconds: 0 })
 * // { type: 1, privileges: { 1: 0, 2: 0 }, channelName: 'stage', account: '42' }
 *
 * @throws {AgoraValidationError} naming the option, `ERR_INVALID_USER_ID` for an `account` that is no uid.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/video-calling/token-authentication/deploy-token-server
 */
export function rtcService(options: RtcServiceOptions): RtcService {
  return rtc.create(options)
}
