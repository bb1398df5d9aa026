import { EventQueue } from './event-queue.js'
import type { ChannelEvent, UserEvent } from './event-queue.js'

/**
 * Who is online and who is in which channel, and the two event queues that tell.
 *
 * Nobody but the developer moves users about: REST has no call that logs in or joins, and the sender of a REST
 * message needs to do neither. The two are independent, so that a test gets exactly the events it asks for: joining
 * logs nobody in. Logging out leaves every channel first, as a client that goes away does.
 */
export class Presence {
  readonly userEvents: EventQueue<UserEvent> = new EventQueue()
  readonly channelEvents: EventQueue<ChannelEvent> = new EventQueue()
  readonly #online = new Set<string>()
  readonly #channels = new Map<string, Set<string>>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  isOnline(userId: string): boolean {
    return this.#online.has(userId)
  }

  /** Who is in the channel, in the order of joining. */
  membersOf(channel: string): string[] {
    return [...(this.#channels.get(channel) ?? [])]
  }

  /** Whether this changed anything; without a change there is no event. */
  login(userId: string): boolean {
    if (this.#online.has(userId)) return false
    this.#online.add(userId)
    this.userEvents.add({ user_id: userId, type: 'Login', ms: this.#now() })
    return true
  }

  logout(userId: string): void {
    for (const channel of this.#channels.keys()) this.leave(channel, userId)
    if (!this.#online.delete(userId)) return
    this.userEvents.add({ user_id: userId, type: 'Logout', ms: this.#now() })
  }

  join(channel: string, userId: string): void {
    const members = this.#channels.get(channel) ?? new Set()
    if (members.has(userId)) return
    members.add(userId)
    this.#channels.set(channel, members)
    this.channelEvents.add({ group_id: channel, user_id: userId, type: 'Join', ms: this.#now() })
  }

  leave(channel: string, userId: string): void {
    const members = this.#channels.get(channel)
    if (members?.delete(userId) !== true) return
    if (members.size === 0) this.#channels.delete(channel)
    this.channelEvents.add({ group_id: channel, user_id: userId, type: 'Leave', ms: this.#now() })
  }

  clear(): void {
    this.userEvents.clear()
    this.channelEvents.clear()
    this.#online.clear()
    this.#channels.clear()
  }
}
