interface Entry<Key, Value> {
  readonly key: Key
  value: Value
  older: Entry<Key, Value> | undefined
  newer: Entry<Key, Value> | undefined
}

/**
 * A map of at most `maxEntries` entries. When it is full, it drops the entry that was unused for the longest time.
 *
 * The order of use is a linked list through the entries, and not the order of a `Map`: after many deletions, a `Map`'s first key is
 * slow to find (microseconds).
 */
export class LruMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Key, Value>>()
  readonly #maxEntries: number
  #newest: Entry<Key, Value> | undefined
  #oldest: Entry<Key, Value> | undefined

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry !== this.#newest) {
      this.#unlink(entry)
      this.#linkAsNewest(entry)
    }
    return entry.value
  }

  set(key: Key, value: Value): void {
    this.delete(key)
    const entry = { key, value, older: undefined, newer: undefined }
    this.#entries.set(key, entry)
    this.#linkAsNewest(entry)
    if (this.#entries.size > this.#maxEntries && this.#oldest !== undefined) this.delete(this.#oldest.key)
  }

  /** The values, in no particular order. */
  values(): Value[] {
    return Array.from(this.#entries.values(), ({ value }) => value)
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#unlink(entry)
  }

  #linkAsNewest(entry: Entry<Key, Value>): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  #unlink({ older, newer }: Entry<Key, Value>): void {
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }
}
