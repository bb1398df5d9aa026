import { account, channelName } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privileges: 1 publish mixed stream, 2 publish raw stream. */
export interface StreamingService extends ServiceOf<3> {
  readonly channelName: string
  readonly account: string
}

/** Options of {@link streamingService}. Lifetimes are in seconds from the time of issue, 0 to 86,400; 0: as long as the token. */
export interface StreamingServiceOptions {
  /** At most 64 bytes. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid. */
  readonly account: string | number
  readonly publishMixedStreamTtlSeconds?: number | undefined
  readonly publishRawStreamTtlSeconds?: number | undefined
}

/** Media streams. */
export const streaming: ServiceKind<StreamingService, StreamingServiceOptions> = new ServiceKind({
  type: 3,
  name: 'Streaming',
  factory: 'streamingService()',
  privileges: {
    1: { name: 'publish mixed stream', option: 'publishMixedStreamTtlSeconds' },
    2: { name: 'publish raw stream', option: 'publishRawStreamTtlSeconds' },
  },
  fields: { channelName, account },
  subject: { userId: 'account', channelName: 'channelName' },
})

/**
 * The right to publish streams of one channel.
 *
 * @throws {AgoraValidationError} naming the option, `ERR_INVALID_USER_ID` for an `account` that is no uid.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 */
export function streamingService(options: StreamingServiceOptions): StreamingService {
  return streaming.create(options)
}
