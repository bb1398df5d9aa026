/** The kinds of things that an emulator keeps with a bound, and the words for them. */
const wordsOf = {
  requests: 'requests (recordLimit)',
  messages: 'messages (recordLimit)',
  history: 'messages of the history (recordLimit)',
  offlineMessages: 'messages that wait for users who are offline (200 for each user, recordLimit for all)',
  users: 'users online',
  members: 'members of channels',
  userEvents: 'user events',
  channelEvents: 'channel events',
  limitCounts: 'channels whose publish limit is counted',
} as const

export type DroppedKind = keyof typeof wordsOf

/** How many of each kind were dropped to make room for newer ones. */
export type DroppedCounts = Readonly<Record<DroppedKind, number>>

/** Counts what is dropped because there is too much of it, and says so. */
export class Drops {
  readonly #say: (sentence: string) => void
  #counts = zeroes()

  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  /** Notes that the oldest of a kind went. */
  note(kind: DroppedKind): void {
    this.#counts[kind] += 1
    if (this.#counts[kind] > 1) return
    this.#say(`There are too many ${wordsOf[kind]}: the oldest are dropped. dropped() counts them.`)
  }

  counts(): DroppedCounts {
    return { ...this.#counts }
  }

  clear(): void {
    this.#counts = zeroes()
  }
}

function zeroes(): Record<DroppedKind, number> {
  return {
    requests: 0,
    messages: 0,
    history: 0,
    offlineMessages: 0,
    users: 0,
    members: 0,
    userEvents: 0,
    channelEvents: 0,
    limitCounts: 0,
  }
}
