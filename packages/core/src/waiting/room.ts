import { Line } from './line.js'
import type { LinePlace } from './line.js'

/** Room for a bounded number of requests. The others wait in order, and can give up without a trace. */
export class Room {
  #free: number
  readonly #waiting = new Line<() => void>()

  constructor(size: number) {
    this.#free = size
  }

  /** Enters when there is room now, so that most requests wait for nothing. */
  tryEnter(): boolean {
    if (this.#free === 0) return false
    this.#free -= 1
    return true
  }

  /** Enters when there is room, and calls `onTurn` then. */
  wait(onTurn: () => void): LinePlace {
    return this.#waiting.join(onTurn)
  }

  leave(): void {
    const next = this.#waiting.takeFirst()
    if (next === undefined) this.#free += 1
    // Later, so that the connection that has just become free is free for undici, too.
    else queueMicrotask(next)
  }
}
