import type { Drops } from './drops.js'
import { EventQueue } from './event-queue.js'
import type { ChannelEvent, UserEvent } from './event-queue.js'

/** How many there may be, so that an emulator that runs for days stays small. */
export interface PresenceBounds {
  readonly users: number
  /** In all channels together: a user in two channels counts twice. */
  readonly members: number
}

const defaultBounds: PresenceBounds = { users: 100_000, members: 100_000 }

interface Channel {
  readonly members: Set<string>
  /** The members as a list that messages share, until somebody joins or leaves. */
  list?: readonly string[] | undefined
}

/**
 * Who is online and who is in which channel, and the two event queues that tell.
 *
 * Only the developer's test moves users: REST has no call that logs in or joins, and the sender of a REST message needs
 * neither. The two are independent, so that a test gets exactly the events it asks for: joining does not log in.
 * Logging out leaves every channel first, as a client that disconnects does.
 */
export class Presence {
  readonly userEvents: EventQueue<UserEvent>
  readonly channelEvents: EventQueue<ChannelEvent>
  readonly #online = new Set<string>()
  readonly #channels = new Map<string, Channel>()
  readonly #now: () => number
  readonly #drops: Drops
  readonly #bounds: PresenceBounds
  #memberCount = 0

  constructor(now: () => number, drops: Drops, bounds: PresenceBounds = defaultBounds) {
    this.userEvents = new EventQueue(() => drops.note('userEvents'))
    this.channelEvents = new EventQueue(() => drops.note('channelEvents'))
    this.#now = now
    this.#drops = drops
    this.#bounds = bounds
  }

  isOnline(userId: string): boolean {
    return this.#online.has(userId)
  }

  /** Who is in the channel, in the order of joining. The list never changes: who joins later is not in it. */
  membersOf(channelName: string): readonly string[] {
    const channel = this.#channels.get(channelName)
    if (channel === undefined) return []
    channel.list ??= Object.freeze([...channel.members])
    return channel.list
  }

  /** Whether this changed anything; without a change there is no event. */
  login(userId: string): boolean {
    if (this.#online.has(userId)) return false
    if (this.#online.size >= this.#bounds.users) this.#dropUser()
    this.#online.add(userId)
    this.userEvents.add({ user_id: userId, type: 'Login', ms: this.#now() })
    return true
  }

  logout(userId: string): void {
    for (const channel of this.#channels.keys()) this.leave(channel, userId)
    if (!this.#online.delete(userId)) return
    this.userEvents.add({ user_id: userId, type: 'Logout', ms: this.#now() })
  }

  join(channelName: string, userId: string): void {
    if (this.#channels.get(channelName)?.members.has(userId) === true) return
    if (this.#memberCount >= this.#bounds.members) this.#dropMember()
    const channel = this.#channels.get(channelName) ?? { members: new Set() }
    channel.members.add(userId)
    channel.list = undefined
    this.#channels.set(channelName, channel)
    this.#memberCount += 1
    this.channelEvents.add({ group_id: channelName, user_id: userId, type: 'Join', ms: this.#now() })
  }

  leave(channelName: string, userId: string): void {
    const channel = this.#channels.get(channelName)
    if (channel?.members.delete(userId) !== true) return
    channel.list = undefined
    this.#memberCount -= 1
    if (channel.members.size === 0) this.#channels.delete(channelName)
    this.channelEvents.add({ group_id: channelName, user_id: userId, type: 'Leave', ms: this.#now() })
  }

  clear(): void {
    this.userEvents.clear()
    this.channelEvents.clear()
    this.#online.clear()
    this.#channels.clear()
    this.#memberCount = 0
  }

  /** Logs out who has been online longest. */
  #dropUser(): void {
    const [oldest] = this.#online
    if (oldest === undefined) return
    this.logout(oldest)
    this.#drops.note('users')
  }

  /** Takes the first member out of the channel that has been there longest. */
  #dropMember(): void {
    for (const [channelName, { members }] of this.#channels) {
      const [oldest] = members
      if (oldest !== undefined) this.leave(channelName, oldest)
      this.#drops.note('members')
      return
    }
  }
}
