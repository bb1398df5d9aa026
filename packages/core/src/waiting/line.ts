/** A place in a {@link Line}. */
export interface LinePlace {
  /** Leaves the line. Does nothing the second time. */
  leave(): void
}

interface Link<Item> extends LinePlace {
  readonly item: Item
  isInLine: boolean
  before: Link<Item> | undefined
  after: Link<Item> | undefined
}

/** A queue: first come, first served. An item can leave from the middle, at no cost to the others. */
export class Line<Item> {
  #first: Link<Item> | undefined
  #last: Link<Item> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): Item | undefined {
    return this.#first?.item
  }

  join(item: Item): LinePlace {
    const link = this.#link(item)
    link.before = this.#last
    if (this.#last === undefined) this.#first = link
    else this.#last.after = link
    this.#last = link
    return link
  }

  /** For an item that was first before and has to wait again. */
  joinInFront(item: Item): LinePlace {
    const link = this.#link(item)
    link.after = this.#first
    if (this.#first === undefined) this.#last = link
    else this.#first.before = link
    this.#first = link
    return link
  }

  takeFirst(): Item | undefined {
    const link = this.#first
    link?.leave()
    return link?.item
  }

  #link(item: Item): Link<Item> {
    this.#size += 1
    const link: Link<Item> = {
      item,
      isInLine: true,
      before: undefined,
      after: undefined,
      leave: () => this.#unlink(link),
    }
    return link
  }

  #unlink(link: Link<Item>): void {
    if (!link.isInLine) return
    link.isInLine = false
    this.#size -= 1
    if (link.before === undefined) this.#first = link.after
    else link.before.after = link.after
    if (link.after === undefined) this.#last = link.before
    else link.after.before = link.before
  }
}
