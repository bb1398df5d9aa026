import type { PathParameters } from '../http/endpoint.js'
import { requireChannelName, requireUserId } from '../http/parameters.js'
import { Refusal } from '../http/refusal.js'
import type { ChannelType } from '../state/history.js'

/** What the path of a `/rtm/v2` call names: who acts, and on which channel. */
export interface ChannelPath {
  readonly userId: string
  readonly channelType: ChannelType
  readonly channel: string
}

/** @throws {Refusal} `invalid-request` */
export function requireChannelPath({ userId, channelType, channel }: PathParameters): ChannelPath {
  if (channelType !== 'message' && channelType !== 'user') {
    throw new Refusal('invalid-request', 'channelType in the path must be message or user, in lower case.')
  }
  return {
    userId: requireUserId(userId, 'userId in the path'),
    channelType,
    channel: requireChannelName(channel, 'channel in the path'),
  }
}
