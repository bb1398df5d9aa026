import { publishedLimits } from '@agora-signaling/core'
import { Refusal } from './refusal.js'

/** A documented limit: so many requests in one second. */
export interface Limit {
  readonly name: string
  readonly perSecond: number
  /** What shares the count, when a name alone does not say it. */
  readonly scope?: string
}

/** The published limits. Their numbers are those that the client keeps to. */
export const limits: Readonly<
  Record<'sends' | 'userEvents' | 'channelEvents' | 'history' | 'console', Limit>
> = {
  sends: { name: 'peer and channel messages together', perSecond: publishedLimits.messages.perSecond },
  userEvents: { name: 'user events', perSecond: publishedLimits.userEvents.perSecond },
  channelEvents: { name: 'channel events', perSecond: publishedLimits.channelEvents.perSecond },
  history: { name: 'message history', perSecond: publishedLimits.history.perSecond },
  console: { name: 'projects of one account', perSecond: publishedLimits.projects.perSecond },
}

/** Publishing has a limit of its own for every channel. */
export function publishLimit(channelType: string, channel: string): Limit {
  const { perSecond } = publishedLimits.publish
  return { name: 'publish to one channel', perSecond, scope: `${channelType}/${channel}` }
}

/** Each channel that is published to has a count of its own. */
const maxCounts = 10_000

/**
 * Counts by the calendar second, as API gateways of the kind Agora uses do by default. How Agora itself counts is not
 * documented.
 */
export class LimitCounter {
  readonly #now: () => number
  readonly #onDrop: () => void
  #second = 0
  readonly #counts = new Map<string, number>()

  /** @param onDrop Called for each count that goes to make room; its limit then begins anew. */
  constructor(now: () => number, onDrop: () => void) {
    this.#now = now
    this.#onDrop = onDrop
  }

  /** @throws {Refusal} `rate-limited` */
  count({ name, perSecond, scope = '' }: Limit): void {
    const second = Math.floor(this.#now() / 1_000)
    if (second !== this.#second) this.clear()
    this.#second = second
    const key = `${name} ${scope}`
    const count = (this.#counts.get(key) ?? 0) + 1
    if (count > perSecond) {
      throw new Refusal(
        'rate-limited',
        `Over ${perSecond} requests in one second (${name}): wait for the next second.`,
        {
          'x-emulator-limit': `${perSecond}/s ${name}`,
        },
      )
    }
    this.#counts.set(key, count)
    if (this.#counts.size > maxCounts) this.#dropOldest()
  }

  clear(): void {
    this.#counts.clear()
  }

  #dropOldest(): void {
    const [oldest] = this.#counts.keys()
    if (oldest === undefined) return
    this.#counts.delete(oldest)
    this.#onDrop()
  }
}
