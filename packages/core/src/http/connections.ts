import type { LookupFunction } from 'node:net'
import type { Dispatcher, Pool } from 'undici'
import { AgoraConfigError } from '../errors.js'

let undici: { readonly Pool: typeof Pool } | undefined

async function loadUndici(): Promise<void> {
  undici = await import('undici')
}

/** The sockets of one client and all its views: one pool per origin, or the dispatcher the user handed in. */
export class Connections {
  readonly #pools = new Map<string, Pool>()
  readonly #supplied: Dispatcher | undefined
  readonly #lookup: LookupFunction | undefined
  #callsUnderWay = 0
  #whenIdle: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(
    options: {
      readonly supplied?: Dispatcher | undefined
      readonly lookup?: LookupFunction | undefined
    } = {},
  ) {
    this.#supplied = options.supplied
    this.#lookup = options.lookup
  }

  /**
   * Announces a call, for which {@link close} then waits until {@link endCall}.
   *
   * @throws {AgoraConfigError} `ERR_CLIENT_CLOSED`
   */
  beginCall(): void {
    if (this.#closing !== undefined) {
      throw new AgoraConfigError(
        'ERR_CLIENT_CLOSED',
        'The client is closed. Make a new one, or close it later.',
      )
    }
    this.#callsUnderWay++
  }

  endCall(): void {
    this.#callsUnderWay--
    if (this.#callsUnderWay === 0) this.#whenIdle?.()
  }

  /**
   * Loads undici before the first call, which takes longer than loading all of ours: a process that only makes and
   * checks tokens does without. Gives nothing when there is nothing to wait for.
   */
  load(): Promise<void> | undefined {
    return this.#supplied !== undefined || undici !== undefined ? undefined : loadUndici()
  }

  /** Where to send what is meant for an origin. Expects that {@link load} is done. */
  to(origin: string): Dispatcher {
    if (this.#supplied !== undefined) return this.#supplied
    let pool = this.#pools.get(origin)
    if (pool === undefined) {
      if (undici === undefined) throw new Error('Connections are used before they are loaded.')
      // A pool per origin is cheaper per request than an Agent, which looks its pool up each time.
      pool = new undici.Pool(origin, this.#lookup && { connect: { lookup: this.#lookup } })
      this.#pools.set(origin, pool)
    }
    return pool
  }

  /** Waits for the calls under way, then closes the sockets. A supplied dispatcher stays open: its owner closes it. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    if (this.#callsUnderWay > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
    // Nobody waits for anything any more. `close` would wait for connections that are being made in vain.
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
    this.#pools.clear()
  }
}
