/**
 * At most `limit` starts within any second, wherever the second begins: a bucket that refills would let twice as many
 * through around its edge, and Agora does not say where its seconds begin.
 */
export class RateWindow {
  readonly #starts: Float64Array
  #next = 0

  constructor(limit: number) {
    this.#starts = new Float64Array(limit).fill(-Infinity)
  }

  /** Takes the next free place and says how many milliseconds from `nowMs` it is away. Places are given out in order. */
  reserve(nowMs: number): number {
    const startMs = Math.max(nowMs, (this.#starts[this.#next] ?? -Infinity) + 1000)
    this.#starts[this.#next] = startMs
    this.#next = (this.#next + 1) % this.#starts.length
    return startMs - nowMs
  }

  /** How long {@link reserve} would have its caller wait. */
  waitMs(nowMs: number): number {
    return Math.max(0, (this.#starts[this.#next] ?? -Infinity) + 1000 - nowMs)
  }
}
