import { setImmediate as nextTurn } from 'node:timers/promises'
import { TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'

/** How long a source may take to close. What it gives by then is in the report; the report waits no longer. */
const maxClosingMs = 1000

/** A source that is always ready would block the rest of the process, including the abort of its own sending. */
const itemsPerTurn = 1000

/** One item, and its position in the source. */
export interface TakenItem<Item> {
  readonly index: number
  readonly item: Item
}

type Step<Item> = { readonly done: true } | { readonly done: false; readonly item: Item }

type Source<Item> = Iterable<Item> | AsyncIterable<Item>

/**
 * The source of a sending. It is asked for one item after the other. Once it was stopped, it is not asked again, and a wait
 * for its answer ends. It is closed once.
 */
export class SendManySource<Item> {
  /** How many items it has given. */
  taken = 0
  readonly #source: Source<Item>
  readonly #onLate: (late: TakenItem<Item>) => void
  #iterator: Iterator<Item> | AsyncIterator<Item> | undefined
  #pending: Promise<Step<Item>> | undefined
  #isStopped = false
  #isUsedUp = false
  #onStop: (() => void) | undefined

  /** @param onLate Gets an item that came when the source had been stopped. */
  constructor(source: Source<Item>, onLate: (late: TakenItem<Item>) => void) {
    this.#source = source
    this.#onLate = onLate
  }

  /**
   * The next item; `undefined` when there is none, or when the source was stopped.
   *
   * @throws What the source throws.
   */
  async take(): Promise<TakenItem<Item> | undefined> {
    if (this.taken % itemsPerTurn === itemsPerTurn - 1) await nextTurn()
    if (this.#isStopped) return undefined
    const pending = this.#step()
    this.#pending = pending
    const step = await this.#unlessStopped(pending)
    if (step === undefined) return undefined
    this.#pending = undefined
    this.#isUsedUp = step.done
    return step.done ? undefined : this.#count(step.item)
  }

  stop(): void {
    this.#isStopped = true
    this.#onStop?.()
  }

  /**
   * Closes the source, unless it has ended by itself. A source whose `next()` threw is closed, too: what it holds may be open.
   *
   * @throws What the source throws.
   */
  async close(): Promise<void> {
    this.stop()
    if (this.#isUsedUp) return
    const pending = this.#pending
    let isOver = false
    const late = pending?.then(
      (step) => {
        if (!isOver && !step.done) this.#onLate(this.#count(step.item))
      },
      // The sending has already ended for another reason.
      () => undefined,
    )
    try {
      await withinTimeLimits(Promise.all([this.#return(), late]), { timeoutMs: maxClosingMs })
    } catch (error) {
      if (!(error instanceof TimeLimitReached)) throw error
      throw new Error(`The source did not close within ${maxClosingMs} ms.`, { cause: error })
    } finally {
      isOver = true
    }
  }

  #count(item: Item): TakenItem<Item> {
    const index = this.taken
    this.taken += 1
    return { index, item }
  }

  #open(): Iterator<Item> | AsyncIterator<Item> {
    const source = this.#source
    this.#iterator ??=
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
    return this.#iterator
  }

  async #step(): Promise<Step<Item>> {
    const result = await this.#open().next()
    requireResult(result)
    return result.done ? { done: true } : { done: false, item: result.value }
  }

  async #return(): Promise<void> {
    await this.#open().return?.()
  }

  /** No race with one long-lived promise: it would keep memory for every item until the end. */
  #unlessStopped(pending: Promise<Step<Item>>): Promise<Step<Item> | undefined> {
    return new Promise((resolve, reject) => {
      this.#onStop = () => resolve(undefined)
      // The source itself may have stopped the sending, when it was asked.
      if (this.#isStopped) resolve(undefined)
      pending.then(resolve, reject)
    })
  }
}

function requireResult(result: unknown): void {
  if (typeof result === 'object' && result !== null) return
  throw new TypeError('next() of the source must give an object: { done, value }.')
}
