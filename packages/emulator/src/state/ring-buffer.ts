/**
 * A queue that holds at most `capacity` items: when it is full, a new item takes the place of the oldest.
 *
 * Memory grows with what is in it, not with the capacity.
 */
export class RingBuffer<T> {
  readonly #capacity: number
  #items: T[] = []
  /** Where the oldest item stands; everything before it is spent. */
  #start = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get length(): number {
    return this.#items.length - this.#start
  }

  /** Returns the item that had to go, when one had to. */
  push(item: T): T | undefined {
    this.#items.push(item)
    return this.length > this.#capacity ? this.take(1)[0] : undefined
  }

  /** Removes and returns up to `count` items, oldest first. */
  take(count: number): T[] {
    const end = Math.min(this.#start + count, this.#items.length)
    const taken = this.#items.slice(this.#start, end)
    this.#start = end
    // Copying only when half is spent makes a step cheap on average, however many items there are.
    if (this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return taken
  }

  /** The newest item. */
  last(): T | undefined {
    return this.length === 0 ? undefined : this.#items.at(-1)
  }

  /** Every item, oldest first. */
  toArray(): T[] {
    return this.#items.slice(this.#start)
  }

  clear(): void {
    this.#items = []
    this.#start = 0
  }
}
