import type { Drops } from './drops.js'
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

/** A message for somebody offline. Inside, its receivers can grow; what {@link Messages.list} hands out is a copy. */
export type WaitingMessage = PeerMessage & { readonly deliveredTo: string[] }

const maxStoredPerReceiver = 200

/** The messages accepted so far, and those that wait for their receiver. */
export class Messages {
  readonly #accepted: RingBuffer<EmulatorMessage>
  readonly #waiting = new Map<string, RingBuffer<WaitingMessage>>()
  /** Everything that waits, in the order of storing: the first message is the first to go. */
  readonly #order = new Set<WaitingMessage>()
  readonly #capacity: number
  readonly #drops: Drops

  /** @param capacity How many accepted messages are kept, and how many that wait. */
  constructor(capacity: number, drops: Drops) {
    this.#accepted = new RingBuffer(capacity)
    this.#capacity = capacity
    this.#drops = drops
  }

  accept(message: EmulatorMessage): void {
    if (this.#accepted.push(message) !== undefined) this.#drops.note('messages')
  }

  /** Keeps a message for an offline user: the 200 newest, as the documentation says. */
  store(message: WaitingMessage): void {
    const waiting = this.#waiting.get(message.to) ?? new RingBuffer(maxStoredPerReceiver)
    this.#waiting.set(message.to, waiting)
    this.#order.add(message)
    const crowdedOut = waiting.push(message) ?? this.#takeOldest()
    if (crowdedOut === undefined) return
    this.#order.delete(crowdedOut)
    this.#drops.note('offlineMessages')
  }

  deliverStored(userId: string): void {
    for (const message of this.#waiting.get(userId)?.toArray() ?? []) {
      message.deliveredTo.push(userId)
      this.#order.delete(message)
    }
    this.#waiting.delete(userId)
  }

  /** Every message still held, oldest first. */
  list(): EmulatorMessage[] {
    return this.#accepted.toArray().map(copyOf)
  }

  clear(): void {
    this.#accepted.clear()
    this.#waiting.clear()
    this.#order.clear()
  }

  /** The message that has waited longest, when too many wait. */
  #takeOldest(): WaitingMessage | undefined {
    if (this.#order.size <= this.#capacity) return undefined
    for (const oldest of this.#order) {
      const waiting = this.#waiting.get(oldest.to)
      waiting?.take(1)
      if (waiting?.length === 0) this.#waiting.delete(oldest.to)
      return oldest
    }
    return undefined
  }
}

/** Receivers of a peer message can still come; those of a channel message are settled and shared. */
function copyOf(message: EmulatorMessage): EmulatorMessage {
  return message.kind === 'peer' ? { ...message, deliveredTo: [...message.deliveredTo] } : { ...message }
}
