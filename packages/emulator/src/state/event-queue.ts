import { RingBuffer } from './ring-buffer.js'

const capacity = 2_000
const maxPerRead = 1_000

/**
 * Agora's event queue, one per kind: it keeps the 2,000 newest events, and a read removes what it returns, at most
 * 1,000 events. The order inside one answer is not documented; here it is oldest first.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/user-events
 */
export class EventQueue<Event> {
  readonly #events = new RingBuffer<Event>(capacity)
  readonly #onDrop: () => void

  /** @param onDrop Called for each event that goes unread to make room. */
  constructor(onDrop: () => void) {
    this.#onDrop = onDrop
  }

  add(event: Event): void {
    if (this.#events.push(event) !== undefined) this.#onDrop()
  }

  read(): Event[] {
    return this.#events.take(maxPerRead)
  }

  clear(): void {
    this.#events.clear()
  }
}

/** A user event as it stands in an answer. */
export interface UserEvent {
  readonly user_id: string
  readonly type: 'Login' | 'Logout'
  /** Unix time in milliseconds. */
  readonly ms: number
}

/** A channel event as it stands in an answer. */
export interface ChannelEvent {
  /** The channel name. */
  readonly group_id: string
  readonly user_id: string
  readonly type: 'Join' | 'Leave'
  /** Unix time in milliseconds. */
  readonly ms: number
}
