import type { Drops } from './drops.js'
import { History } from './history.js'
import type { ChannelType } from './history.js'
import { Messages } from './messages.js'
import type { WaitingMessage } from './messages.js'
import { Presence } from './presence.js'

export interface SignalingOptions {
  /** The clock, Unix time in milliseconds. */
  readonly now: () => number
  /** Whether the project has message history. */
  readonly history: boolean
  /** How many messages are kept, and how many of history. */
  readonly recordLimit: number
  readonly drops: Drops
}

/** One Signaling project: who is there, what was sent, and what happens to it. Knows nothing of HTTP. */
export class Signaling {
  readonly presence: Presence
  readonly messages: Messages
  readonly history: History
  readonly hasHistory: boolean
  readonly #now: () => number

  constructor({ now, history, recordLimit, drops }: SignalingOptions) {
    this.presence = new Presence(now, drops)
    this.messages = new Messages(recordLimit, drops)
    this.history = new History(now, recordLimit, () => drops.note('history'))
    this.hasHistory = history
    this.#now = now
  }

  login(userId: string): void {
    if (this.presence.login(userId)) this.messages.deliverStored(userId)
  }

  /** Returns whether the receiver was there. */
  sendToUser(message: { from: string; to: string; payload: string; storeWhenOffline: boolean }): boolean {
    const { from, to, payload } = message
    const online = this.presence.isOnline(to)
    const deliveredTo = online ? [to] : []
    const accepted: WaitingMessage = { kind: 'peer', from, to, payload, at: this.#time(), deliveredTo }
    this.messages.accept(accepted)
    if (!online && message.storeWhenOffline) this.messages.store(accepted)
    this.#remember('user', to, { publisher: from, payload })
    return online
  }

  sendToChannel({ from, channel, payload }: { from: string; channel: string; payload: string }): void {
    const deliveredTo = this.presence.membersOf(channel)
    this.messages.accept({ kind: 'channel', from, channel, payload, at: this.#time(), deliveredTo })
    this.#remember('message', channel, { publisher: from, payload })
  }

  publish(message: {
    from: string
    channelType: ChannelType
    channel: string
    payload: string
    customType: string | undefined
    storeInHistory: boolean
  }): void {
    const { from, channelType, channel, payload, customType } = message
    this.messages.accept({
      kind: 'publish',
      from,
      channelType,
      channel,
      payload,
      ...(customType === undefined ? {} : { customType }),
      at: this.#time(),
      deliveredTo: channelType === 'user' ? this.#onlineOf(channel) : this.presence.membersOf(channel),
    })
    if (message.storeInHistory) {
      this.#remember(channelType, channel, { publisher: from, payload, customType })
    }
  }

  clear(): void {
    this.presence.clear()
    this.messages.clear()
    this.history.clear()
  }

  #onlineOf(userId: string): string[] {
    return this.presence.isOnline(userId) ? [userId] : []
  }

  #remember(
    channelType: ChannelType,
    channel: string,
    {
      publisher,
      payload,
      customType = '',
    }: { publisher: string; payload: string; customType?: string | undefined },
  ): void {
    this.history.add(channelType, channel, { messageType: 'STRING', message: payload, customType, publisher })
  }

  #time(): Date {
    return new Date(this.#now())
  }
}
