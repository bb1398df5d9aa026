import { Line } from './line.js'
import type { LinePlace } from './line.js'

/** Room for a bounded number of requests. The others wait in order, and can give up without a trace. */
export class Room {
  #free: number
  readonly #waiting = new Line<() => void>()

  constructor(size: number) {
    this.#free = size
  }

  /** Calls `onTurn` when there is room: at once, giving nothing, or later, giving the place in the line. */
  enter(onTurn: () => void): LinePlace | undefined {
    if (this.#free === 0) return this.#waiting.join(onTurn)
    this.#free -= 1
    onTurn()
    return undefined
  }

  leave(): void {
    const next = this.#waiting.takeFirst()
    if (next === undefined) this.#free += 1
    // Later, so that the connection that has just become free is free for undici, too.
    else queueMicrotask(next)
  }
}
