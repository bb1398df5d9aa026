import { AgoraValidationError } from '../errors.js'
import { requireChannelNameInPath, requireUserIdInPath } from './identifiers.js'

/** `message`: a channel. `user`: the peer messages of a user, whose ID then stands where the channel name would. */
export type ChannelType = 'message' | 'user'

/** A channel as the 2.x paths address it. */
export interface TypedChannel {
  readonly channelType: ChannelType
  readonly channel: string
}

/** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`, `ERR_INVALID_CHANNEL`, `ERR_INVALID_USER_ID` */
export function requireTypedChannel(channelType: unknown = 'message', channel: unknown): TypedChannel {
  switch (channelType) {
    case 'message':
      return { channelType, channel: requireChannelNameInPath(channel, 'channel') }
    case 'user':
      return { channelType, channel: requireUserIdInPath(channel, 'channel') }
    default:
      throw new AgoraValidationError(
        'ERR_INVALID_ARGUMENT',
        'channelType',
        'channelType must be "message" or "user": Agora keeps history of message channels and of users only.',
      )
  }
}
