import { account, channelName } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privileges: 1 publish, 2 play. */
export interface FcdnService extends ServiceOf<6> {
  readonly channelName: string
  readonly account: string
}

/** Options of {@link fcdnService}. Lifetimes are in seconds from the time of issue, 0 to 86,400; 0: as long as the token. */
export interface FcdnServiceOptions {
  /** At most 64 bytes. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid. */
  readonly account: string | number
  readonly publishTtlSeconds?: number | undefined
  readonly playTtlSeconds?: number | undefined
}

/** Fusion CDN. */
export const fcdn: ServiceKind<FcdnService, FcdnServiceOptions> = new ServiceKind({
  type: 6,
  name: 'FCDN',
  factory: 'fcdnService()',
  privileges: {
    1: { name: 'publish', option: 'publishTtlSeconds' },
    2: { name: 'play', option: 'playTtlSeconds' },
  },
  fields: { channelName, account },
  subject: { userId: 'account', channelName: 'channelName' },
})

/**
 * The right to publish to Fusion CDN, or to play from it.
 *
 * @throws {AgoraValidationError} naming the option, `ERR_INVALID_USER_ID` for an `account` that is no uid.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 */
export function fcdnService(options: FcdnServiceOptions): FcdnService {
  return fcdn.create(options)
}
