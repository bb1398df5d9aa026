import { AgoraValidationError, channelNameProblem, userIdProblem } from '@agora-signaling/core'
import { checkedByItsOwner, checkOptions, oneOf, text } from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import { mistakenTextWarning } from './mistaken-text.js'
import { textOrBytes } from './rules.js'
import type { DroppedCounts } from './state/drops.js'
import type { Surroundings } from './surroundings.js'
import type { ChannelType } from './state/history.js'
import type { EmulatorMessage } from './state/messages.js'
import type { RequestRecord } from './state/request-log.js'

/** A message to put into the history without sending it. */
export interface HistorySeed {
  /** `message` (default) or `user`, which is the inbox of the user whose ID is `channel`. */
  readonly channelType?: ChannelType
  readonly channel: string
  /** The user ID of the sender. */
  readonly publisher: string
  /** Text, or bytes for a message of type `BINARY`. */
  readonly payload: string | Uint8Array
  readonly customType?: string
}

/**
 * What a test can do with an emulator, and what it can see.
 *
 * Illegal user IDs and channel names throw `AgoraValidationError` with `ERR_INVALID_USER_ID` or
 * `ERR_INVALID_CHANNEL`.
 */
export interface EmulatorControls {
  readonly users: {
    /** Puts a user online: a Login event, and the messages stored for the user arrive. No effect when online. */
    readonly login: (userId: string) => void
    /** Takes a user offline: a Leave event for every channel, then a Logout event. */
    readonly logout: (userId: string) => void
  }
  readonly channels: {
    /** Puts a user into a channel: a Join event. It logs nobody in, so that there is this one event and no other. */
    readonly join: (channel: string, userId: string) => void
    /** Takes a user out of a channel: a Leave event. No effect when the user is not in it. */
    readonly leave: (channel: string, userId: string) => void
  }
  readonly history: {
    /** Puts a message into the history as if it had been sent now. */
    readonly add: (message: HistorySeed) => void
  }
  /** The requests answered so far, oldest first; without those to `/_emulator`. */
  readonly requests: () => readonly RequestRecord[]
  /** The messages accepted so far, oldest first, with their payloads. */
  readonly messages: () => readonly EmulatorMessage[]
  /**
   * How much was dropped to make room since the start or the last reset: events nobody read, messages, requests. All
   * are 0 as long as nothing is missing.
   */
  readonly dropped: () => DroppedCounts
  /** Forgets users, channels, events, messages, history and requests. The credentials stay. */
  readonly reset: () => void
}

const seedRules: OptionRules<HistorySeed> = {
  channelType: { ...oneOf(['message', 'user']), code: 'ERR_INVALID_ARGUMENT' },
  // IDs follow the rules of the REST API.
  channel: checkedByItsOwner,
  publisher: checkedByItsOwner,
  payload: checkedByItsOwner,
  customType: { ...text, code: 'ERR_INVALID_ARGUMENT' },
}

export function createControls(surroundings: Surroundings): EmulatorControls {
  const { project, requests, limitCounter, drops } = surroundings
  const { warn } = surroundings.options
  const { presence } = project
  const legalUserId = (userId: string, argument: string): string => {
    const problem = userIdProblem(userId)
    if (problem !== undefined) {
      throw new AgoraValidationError('ERR_INVALID_USER_ID', argument, `${argument} ${problem}.`)
    }
    const warning = mistakenTextWarning(`${argument} of a control`, userId)
    if (warning !== undefined) warn(warning)
    return userId
  }
  const legalChannel = (channel: string): string => {
    const problem = channelNameProblem(channel)
    if (problem !== undefined) {
      throw new AgoraValidationError('ERR_INVALID_CHANNEL', 'channel', `channel ${problem}.`)
    }
    const warning = mistakenTextWarning('channel of a control', channel)
    if (warning !== undefined) warn(warning)
    return channel
  }
  return {
    users: {
      login: (userId) => project.login(legalUserId(userId, 'userId')),
      logout: (userId) => presence.logout(legalUserId(userId, 'userId')),
    },
    channels: {
      join: (channel, userId) => presence.join(legalChannel(channel), legalUserId(userId, 'userId')),
      leave: (channel, userId) => presence.leave(legalChannel(channel), legalUserId(userId, 'userId')),
    },
    history: {
      add: (message) => {
        checkOptions('history.add()', message, seedRules)
        const { channelType = 'message', channel, publisher, payload, customType = '' } = message
        if (!textOrBytes.accepts(payload)) {
          throw new AgoraValidationError(
            'ERR_INVALID_PAYLOAD',
            'payload',
            `payload of history.add() must be ${textOrBytes.expected}.`,
          )
        }
        const isText = typeof payload === 'string'
        project.history.add(channelType, legalChannel(channel), {
          messageType: isText ? 'STRING' : 'BINARY',
          message: isText ? payload : Buffer.from(payload).toString('base64'),
          customType,
          publisher: legalUserId(publisher, 'publisher'),
        })
      },
    },
    requests: () => requests.toArray(),
    messages: () => project.messages.list(),
    dropped: () => drops.counts(),
    reset: () => {
      project.clear()
      requests.clear()
      limitCounter?.clear()
      drops.clear()
    },
  }
}
