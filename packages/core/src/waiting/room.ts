import { Line } from './line.js'
import type { LinePlace } from './line.js'

/** Room for a bounded number of requests. The others wait in order, and can leave at any time. */
export class Room {
  #free: number
  readonly #waiting = new Line<() => void>()

  constructor(size: number) {
    this.#free = size
  }

  /** Enters if there is room now. Most requests need nothing else. */
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
    // In a microtask: undici sees only then that the connection is free.
    else queueMicrotask(next)
  }
}
