import type { Runtime } from '../runtime.js'
import { Line } from '../waiting/line.js'
import type { LinePlace } from '../waiting/line.js'
import type { QuotaGate, QuotaPlace, QuotaWait } from './quota-gate.js'
import { QuotaLine, queueFull } from './quota-line.js'

/** Agora's limits are per second. Nobody outside knows when its seconds begin, so every span of a second keeps to the limit. */
const secondMs = 1000

/** A request without an answer counts as arrived after this time. */
export const arrivalMs = 500

/**
 * A quota that this process has for itself.
 *
 * There are as many places as calls a second. A place is free again one second after Agora counted its request. Agora
 * counts it before it answers, and at most {@link arrivalMs} after the start (an assumption). So no second on Agora's side
 * holds more requests than there are places. A slow name, a slow token or a blocked event loop does not change that.
 */
export class OwnQuotaGate implements QuotaGate {
  readonly #name: string
  readonly #perSecond: number
  readonly #maxWaiting: number
  readonly #runtime: Runtime
  readonly #line: QuotaLine
  readonly #unanswered = new Line<OwnPlace>()
  readonly #resting: RestingPlaces
  /** Places that are not free: held, unanswered or resting. */
  #taken = 0
  #alarm: AbortController | undefined

  constructor(name: string, perSecond: number, maxWaiting: number, runtime: Runtime) {
    this.#name = name
    this.#perSecond = perSecond
    this.#maxWaiting = maxWaiting
    this.#runtime = runtime
    this.#resting = new RestingPlaces(perSecond)
    this.#line = new QuotaLine(() => this.#serve())
  }

  enter(wait: QuotaWait): Promise<QuotaPlace> | QuotaPlace {
    const nowMs = this.#runtime.monotonicMs()
    const place = this.#line.size === 0 ? this.#take(nowMs) : undefined
    if (place !== undefined) return place
    const turnMs = this.#nextTurnMs(nowMs)
    if (this.#line.size >= this.#maxWaiting || turnMs >= wait.deadlineMs) {
      throw queueFull(this.#name, turnMs - nowMs, wait.details)
    }
    const late = (): Error => {
      const lateMs = this.#runtime.monotonicMs()
      return queueFull(this.#name, this.#nextTurnMs(lateMs) - lateMs, wait.details)
    }
    const turn = this.#line.join(wait, wait.deadlineMs - nowMs, late)
    this.#setAlarm(nowMs)
    return turn
  }

  nowMs(): number {
    return this.#runtime.monotonicMs()
  }

  started(place: OwnPlace): LinePlace {
    const inLine = this.#unanswered.join(place)
    if (this.#line.size > 0) this.#setAlarm(place.startedMs)
    return inLine
  }

  answered(): void {
    this.#resting.add(this.#runtime.monotonicMs() + secondMs)
  }

  freed(): void {
    this.#taken -= 1
    this.#serve()
  }

  #take(nowMs: number): OwnPlace | undefined {
    for (let first = this.#unanswered.first; first !== undefined; first = this.#unanswered.first) {
      if (first.startedMs + arrivalMs > nowMs) break
      first.takenAsArrived()
      this.#resting.add(first.startedMs + arrivalMs + secondMs)
    }
    this.#taken -= this.#resting.freeUntil(nowMs)
    if (this.#taken >= this.#perSecond) return undefined
    this.#taken += 1
    return new OwnPlace(this)
  }

  /** Gives free places to the waiting calls, and sets a timer for the next free place. */
  #serve(): void {
    const nowMs = this.#runtime.monotonicMs()
    while (this.#line.size > 0) {
      const place = this.#take(nowMs)
      if (place === undefined) break
      this.#line.serveFirst(place)
    }
    if (this.#line.size > 0) {
      this.#setAlarm(nowMs)
      return
    }
    this.#alarm?.abort()
    this.#alarm = undefined
  }

  #setAlarm(nowMs: number): void {
    if (this.#alarm !== undefined) return
    const freeMs = this.#nextFreeMs(nowMs)
    // Each place is held by a request that has not started. Its start or its end calls this again.
    if (freeMs === undefined) return
    const alarm = new AbortController()
    this.#alarm = alarm
    void this.#runtime.sleep(Math.max(1, freeMs - nowMs), alarm.signal).then(() => {
      if (this.#alarm !== alarm) return
      this.#alarm = undefined
      this.#serve()
    })
  }

  /** The earliest time at which a place is free, if no call gives up. `undefined` while no request has started. */
  #nextFreeMs(nowMs: number): number | undefined {
    const restingMs = this.#resting.freeMs(0)
    if (restingMs !== undefined) return restingMs
    const startedMs = this.#unanswered.first?.startedMs
    return startedMs === undefined
      ? undefined
      : Math.min(Math.max(startedMs, nowMs), startedMs + arrivalMs) + secondMs
  }

  /** The earliest turn of one more call. */
  #nextTurnMs(nowMs: number): number {
    const ahead = this.#line.size
    const index = ahead % this.#perSecond
    const wholeRoundsMs = Math.floor(ahead / this.#perSecond) * secondMs
    const restingMs = this.#resting.freeMs(index)
    if (restingMs !== undefined) return Math.max(nowMs, restingMs) + wholeRoundsMs
    const isStarted = index < this.#resting.size + this.#unanswered.size
    const startedMs = isStarted ? this.#unanswered.first?.startedMs : undefined
    return Math.max(nowMs, startedMs === undefined ? nowMs : startedMs + secondMs) + wholeRoundsMs
  }
}

class OwnPlace implements QuotaPlace {
  readonly #gate: OwnQuotaGate
  #state: 'reserved' | 'unanswered' | 'over' = 'reserved'
  #inLine: LinePlace | undefined
  startedMs = 0

  constructor(gate: OwnQuotaGate) {
    this.#gate = gate
  }

  start(): boolean {
    if (this.#state !== 'reserved') return true
    this.#state = 'unanswered'
    this.startedMs = this.#gate.nowMs()
    this.#inLine = this.#gate.started(this)
    return true
  }

  answered(): void {
    if (this.#state === 'over') return
    this.#leave()
    this.#gate.answered()
  }

  giveUp(): void {
    if (this.#state !== 'reserved') return
    this.#leave()
    this.#gate.freed()
  }

  takenAsArrived(): void {
    this.#leave()
  }

  #leave(): void {
    this.#state = 'over'
    this.#inLine?.leave()
  }
}

/** When places are free again, in the order in which they were put here. */
class RestingPlaces {
  readonly #freeMs: Float64Array
  #first = 0
  size = 0

  constructor(places: number) {
    this.#freeMs = new Float64Array(places)
  }

  add(freeMs: number): void {
    this.#freeMs[(this.#first + this.size) % this.#freeMs.length] = freeMs
    this.size += 1
  }

  /** When the place at an index is free. `undefined` when fewer places rest. */
  freeMs(index: number): number | undefined {
    return index < this.size ? this.#freeMs[(this.#first + index) % this.#freeMs.length] : undefined
  }

  /** Removes the places that are free by now, and counts them. */
  freeUntil(nowMs: number): number {
    let count = 0
    for (let freeMs = this.freeMs(0); freeMs !== undefined && freeMs <= nowMs; freeMs = this.freeMs(0)) {
      this.#first = (this.#first + 1) % this.#freeMs.length
      this.size -= 1
      count += 1
    }
    return count
  }
}
