import type { ChannelType } from './history.js'
import { RingBuffer } from './ring-buffer.js'

interface Accepted {
  /** The user ID of the sender. */
  readonly from: string
  readonly payload: string
  /** When the emulator accepted the message. */
  readonly at: Date
  /**
   * The users who received the message. A peer message stored for an offline user gains its receiver when the user
   * logs in.
   */
  readonly deliveredTo: readonly string[]
}

/** A peer message the emulator accepted. */
export interface PeerMessage extends Accepted {
  readonly kind: 'peer'
  /** The user ID of the receiver. */
  readonly to: string
}

/** A channel message the emulator accepted. */
export interface ChannelMessage extends Accepted {
  readonly kind: 'channel'
  readonly channel: string
}

/** A message that came by the publish call of `/rtm/v2`. */
export interface PublishedMessage extends Accepted {
  readonly kind: 'publish'
  readonly channelType: ChannelType
  /** The channel name, or the user ID of the receiver when `channelType` is `user`. */
  readonly channel: string
  readonly customType?: string
}

/** A message the emulator accepted, whether or not somebody was there to receive it. */
export type EmulatorMessage = PeerMessage | ChannelMessage | PublishedMessage

/** Inside, the receivers can grow; what {@link Messages.list} hands out is a copy. */
export type AcceptedMessage = EmulatorMessage & { readonly deliveredTo: string[] }

const maxStoredPerReceiver = 200

/** The messages accepted so far, and those that wait for their receiver. */
export class Messages {
  readonly #accepted: RingBuffer<AcceptedMessage>
  readonly #waiting = new Map<string, RingBuffer<AcceptedMessage>>()

  constructor(capacity: number) {
    this.#accepted = new RingBuffer(capacity)
  }

  accept(message: AcceptedMessage): void {
    this.#accepted.push(message)
  }

  /** Keeps a message for an offline user: the 200 newest, as the documentation says. */
  store(userId: string, message: AcceptedMessage): void {
    const waiting = this.#waiting.get(userId) ?? new RingBuffer(maxStoredPerReceiver)
    waiting.push(message)
    this.#waiting.set(userId, waiting)
  }

  deliverStored(userId: string): void {
    for (const message of this.#waiting.get(userId)?.toArray() ?? []) message.deliveredTo.push(userId)
    this.#waiting.delete(userId)
  }

  /** Every message still held, oldest first. */
  list(): EmulatorMessage[] {
    return this.#accepted.toArray().map(copyOf)
  }

  clear(): void {
    this.#accepted.clear()
    this.#waiting.clear()
  }
}

function copyOf(message: AcceptedMessage): EmulatorMessage {
  return { ...message, deliveredTo: [...message.deliveredTo] }
}
