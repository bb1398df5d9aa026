import { parseHttpDate } from '../input/http-date.js'
import type { Log } from '../logger.js'
import type { Runtime } from '../runtime.js'

/** Gives the time for the dates of tokens. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number
}

/** The clock of the machine, for a strategy that is asked without a client. */
export const machineClock: Clock = { nowMs: () => Date.now() }

/** What an answer says about the time. */
export interface DatedAnswer {
  readonly status: number
  /** The `Date` header as it came. */
  readonly date: string | undefined
  /** The time from the request's start until now. The server wrote the date somewhere in between. */
  readonly durationMs: number
  /** An emulator wrote it, over plain http, which Agora never uses. An emulator may use any time. */
  readonly isEmulator: boolean
}

/** A smaller difference does not count: it does no harm to tokens. */
const noticeableMs = 30_000

/**
 * A larger difference is logged and not corrected. Otherwise a server could make us date tokens years ahead, and use
 * them years later.
 */
const largestCorrectionMs = 3_600_000

/** How long the dates of successful answers are ignored after one was read. */
const measureEveryMs = 60_000

/** The sensible dates of an AccessToken2. Its seconds have 32 bits. */
const emulatorsFirstMs = Date.UTC(2000, 0)
const emulatorsLastMs = Date.UTC(2100, 0)

/**
 * Agora's time: the clock of the machine, corrected by Agora's answers where the two differ noticeably. Each client has
 * one, so that the tokens of its calls and the tokens it issues use the same time.
 *
 * Each correction is measured against the machine, never against the previous correction. So one lie cannot be added to
 * another. The answers that follow measure it again.
 */
export class AgoraClock implements Clock {
  readonly #runtime: Pick<Runtime, 'wallClockMs' | 'monotonicMs'>
  readonly #log: Log
  #correctionMs = 0
  #isByEmulator = false
  #hasDoubted = false
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(runtime: Pick<Runtime, 'wallClockMs' | 'monotonicMs'>, log: Log) {
    this.#runtime = runtime
    this.#log = log
  }

  nowMs(): number {
    return this.#runtime.wallClockMs() + this.#correctionMs
  }

  /** Compares an answer's time with ours, where it matters: after a 401, while there is a correction, and from time to time. */
  hear(answer: DatedAnswer): void {
    if (answer.date === undefined) return
    const sinceMs = this.#runtime.monotonicMs() - this.#measuredAtMs
    if (answer.status !== 401 && this.#correctionMs === 0 && sinceMs < measureEveryMs) return
    const dateMs = parseHttpDate(answer.date)
    if (dateMs === undefined) return
    this.#measuredAtMs = this.#runtime.monotonicMs()
    this.#adopt(this.#aheadMs(dateMs, answer.durationMs), dateMs, answer.isEmulator)
  }

  /** How far the answer's clock is ahead of the machine's, at least. A slow answer proves no more than that. */
  #aheadMs(dateMs: number, durationMs: number): number {
    const nowMs = this.#runtime.wallClockMs()
    // The header leaves out the milliseconds.
    const [least, most] = [dateMs - nowMs, dateMs + 999 - (nowMs - durationMs)]
    if (least > 0) return least
    return most < 0 ? most : 0
  }

  #adopt(aheadMs: number, dateMs: number, isEmulator: boolean): void {
    if (Math.abs(aheadMs) < noticeableMs) return this.#agree()
    if (Math.abs(aheadMs - this.#correctionMs) < noticeableMs) return
    const isByEmulator = isEmulator || this.#isByEmulator
    const isCredible = isByEmulator
      ? dateMs >= emulatorsFirstMs && dateMs < emulatorsLastMs
      : Math.abs(aheadMs) <= largestCorrectionMs
    if (!isCredible) return this.#doubt(aheadMs)
    const isNews = this.#correctionMs === 0 || !isByEmulator
    this.#correctionMs = aheadMs
    this.#isByEmulator = isByEmulator
    this.#hasDoubted = false
    // The clock of an emulator may stand still. It would cause a warning every half a minute.
    if (!isNews) return
    this.#log.warn(
      `The clock of this machine is ${inWords(aheadMs)} Agora's. Tokens that are made here have Agora's time until both agree; set the clock right (NTP).`,
      { clockSkewMs: aheadMs },
    )
  }

  /** The machine is right, or is right again. */
  #agree(): void {
    if (this.#correctionMs === 0 && !this.#hasDoubted) return
    this.#correctionMs = 0
    this.#isByEmulator = false
    this.#hasDoubted = false
    this.#log.info('The clock of this machine agrees with Agora, and tokens have its time again.')
  }

  /** An absurd date is not a measurement: the present correction stays. */
  #doubt(aheadMs: number): void {
    if (this.#hasDoubted) return
    this.#hasDoubted = true
    this.#log.error(
      `The clock of this machine is ${inWords(aheadMs)} that of the server which answered: too far for a correction. ` +
        'Tokens may be refused until it is set right (NTP). If it is right, check that baseUrl names Agora.',
      { clockSkewMs: aheadMs },
    )
  }
}

function inWords(aheadMs: number): string {
  return `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'behind' : 'ahead of'}`
}
