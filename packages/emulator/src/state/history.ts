import { RingBuffer } from './ring-buffer.js'

/**
 * `message`: a message channel, named by its channel name. `user`: a user channel, which is the inbox of the user
 * whose ID is its name.
 */
export type ChannelType = 'message' | 'user'

/** A message as it stands in a history answer. */
export interface HistoryMessage {
  readonly messageType: 'STRING' | 'BINARY'
  /** The text, or Base64 for `BINARY`. */
  readonly message: string
  readonly customType: string
  readonly publisher: string
  /** Unix time in milliseconds, different for every message of a channel. */
  readonly timestamp: number
}

/** What to read: `start` and `end` are Unix times in milliseconds, 0 means no bound. */
export interface HistoryQuery {
  readonly channelType: ChannelType
  readonly channel: string
  /** Exclusive: only messages older than this. */
  readonly start: number
  /** Inclusive: only messages as new as this or newer. */
  readonly end: number
  readonly messageCount: number
}

export interface HistoryPage {
  /** Newest first. */
  readonly messages: readonly HistoryMessage[]
  /** The `start` of the next page, 0 when there is none. */
  readonly newStart: number
}

/**
 * The message history of the project. It holds the newest `capacity` messages of all channels together, so that an
 * emulator that runs for days stays small.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/message-history
 */
export class History {
  readonly #now: () => number
  readonly #channels = new Map<string, RingBuffer<HistoryMessage>>()
  /** The channel of every message in the order of storing: the first is where the oldest message stands. */
  readonly #order: RingBuffer<string>
  readonly #onDrop: () => void

  /** @param onDrop Called for each message that goes to make room. */
  constructor(now: () => number, capacity: number, onDrop: () => void) {
    this.#now = now
    this.#onDrop = onDrop
    this.#order = new RingBuffer(capacity)
  }

  add(channelType: ChannelType, channel: string, message: Omit<HistoryMessage, 'timestamp'>): void {
    const key = keyOf(channelType, channel)
    const messages = this.#channels.get(key) ?? new RingBuffer(Number.POSITIVE_INFINITY)
    // A page ends at a timestamp, so two messages with the same one could fall between two pages.
    const timestamp = Math.max(this.#now(), (messages.last()?.timestamp ?? 0) + 1)
    messages.push({ timestamp, ...message })
    this.#channels.set(key, messages)
    const crowded = this.#order.push(key)
    if (crowded !== undefined) this.#dropOldest(crowded)
  }

  read({ channelType, channel, start, end, messageCount }: HistoryQuery): HistoryPage {
    const matching = (this.#channels.get(keyOf(channelType, channel))?.toArray() ?? [])
      .filter(({ timestamp }) => (start === 0 || timestamp < start) && timestamp >= end)
      .toReversed()
    const messages = matching.slice(0, messageCount)
    const more = matching.length > messages.length
    return { messages, newStart: more ? (messages.at(-1)?.timestamp ?? 0) : 0 }
  }

  clear(): void {
    this.#channels.clear()
    this.#order.clear()
  }

  #dropOldest(key: string): void {
    const messages = this.#channels.get(key)
    messages?.take(1)
    if (messages?.length === 0) this.#channels.delete(key)
    this.#onDrop()
  }
}

function keyOf(channelType: ChannelType, channel: string): string {
  return `${channelType}/${channel}`
}
