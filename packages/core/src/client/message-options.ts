import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner, leftOut, yesOrNo } from '../input/rule.js'
import { timeLimitRules } from './call-time-limits.js'
import type { CallTimeLimits } from './call-time-limits.js'

/** What every send accepts. */
export interface SendOptions extends CallTimeLimits {
  /** Sender. Default: the user the client acts for. With Basic any user ID; it need not be logged in. */
  readonly from?: string | undefined
  /** The message: 1 to 32,768 bytes of UTF-8. Use `JSON.stringify` for anything but text. */
  readonly payload: string
  /** Agora's flag for 1.x message history. Signaling 2.x keeps history by project setting. Default `false`. */
  readonly enableHistoricalMessaging?: boolean | undefined
  /**
   * Send again also where Agora may have processed the message: after a time-out, a broken connection, a 5xx. It can
   * then be delivered twice: put an ID of your own into the payload. Default `false`.
   */
  readonly retryUnsafe?: boolean | undefined
}

/** A message to one user. */
export interface SendToUserOptions extends SendOptions {
  /** Receiver's user ID. */
  readonly to: string
  /** Answer only after the receiver's SDK acknowledged the message. Default `false`. */
  readonly waitForAck?: boolean | undefined
  /**
   * Keep the message for a receiver that is offline (at most 200 each). Deprecated by Agora. Default `false`.
   * @deprecated by Agora
   */
  readonly enableOfflineMessaging?: boolean | undefined
}

/** A message to everyone in a channel. */
export interface SendToChannelOptions extends SendOptions {
  readonly channel: string
}

const sendRules: OptionRules<SendOptions> = {
  from: checkedByItsOwner,
  payload: checkedByItsOwner,
  enableHistoricalMessaging: yesOrNo,
  retryUnsafe: yesOrNo,
  ...timeLimitRules,
}

// Messages of `sendMany` may name the other kind of receiver, as `undefined`.
export const sendToUserRules: OptionRules<SendToUserOptions & { channel?: never }> = {
  ...sendRules,
  to: checkedByItsOwner,
  waitForAck: yesOrNo,
  enableOfflineMessaging: yesOrNo,
  channel: leftOut('sendToChannel() sends to a channel'),
}

export const sendToChannelRules: OptionRules<SendToChannelOptions & { to?: never }> = {
  ...sendRules,
  channel: checkedByItsOwner,
  to: leftOut('sendToUser() sends to a user'),
}
