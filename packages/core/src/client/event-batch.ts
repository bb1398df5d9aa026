/** The most events one answer holds. */
const maxEventsPerAnswer = 1000

/**
 * One destructive read: an array of events, oldest first, that also carries the account of the read.
 *
 * @example
 * const { events, isFull } = await client.events.pullUserEvents()
 */
export class EventBatch<Event> extends Array<Event> {
  readonly #requestId: string | undefined
  readonly #unreadable: readonly unknown[]
  readonly #isFull: boolean
  readonly #possibleLoss: boolean

  // `map`, `filter` and their like give plain arrays.
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  constructor(
    events: readonly Event[],
    account: { requestId: string | undefined; unreadable: readonly unknown[]; possibleLoss: boolean },
  ) {
    super()
    for (const event of events) this.push(event)
    this.#requestId = account.requestId
    this.#unreadable = account.unreadable
    this.#possibleLoss = account.possibleLoss
    // Now, for the array may shrink while it is worked off.
    this.#isFull = events.length + account.unreadable.length >= maxEventsPerAnswer
  }

  /** The batch itself, so that it can be taken apart together with its account. */
  get events(): readonly Event[] {
    return this
  }

  /** Agora's id of the request. */
  get requestId(): string | undefined {
    return this.#requestId
  }

  /** Entries of the answer that are no event we know, as they came. They are out of Agora's queue like the others. */
  get unreadable(): readonly unknown[] {
    return this.#unreadable
  }

  /**
   * An earlier attempt of this read broke off after it had reached Agora: the events it may have taken out of the queue
   * are lost.
   */
  get possibleLoss(): boolean {
    return this.#possibleLoss
  }

  /** The answer held as many events as one can, so that more may be waiting: pull again at once. */
  get isFull(): boolean {
    return this.#isFull
  }
}
