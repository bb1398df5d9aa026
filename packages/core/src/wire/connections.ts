import type { LookupFunction } from 'node:net'
import type { Dispatcher, Pool, buildConnector } from 'undici'
import { AgoraConfigError } from '../errors.js'
import { Connects } from './connects.js'
import type { Exit } from './exchange.js'
import { Room } from '../waiting/room.js'

/**
 * Connections to one host at most. Agora allows 500 messages a second: this is enough even if each answer takes a second.
 * Further requests wait in our own queue, where they can still give up. In the queue of undici they could not.
 */
const maxConnections = 500

let undici: { readonly Pool: typeof Pool; readonly buildConnector: typeof buildConnector } | undefined

async function loadUndici(): Promise<void> {
  try {
    undici = await import('undici')
  } catch (cause) {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'undici, which carries the calls, could not be loaded: the cause says why. A bundler has to leave it out ' +
        "(esbuild: --external:undici, Rollup: external: ['undici']), and where the program runs it has to be installed: npm install undici@7.",
      { cause },
    )
  }
}

/** The sockets of one client and all its views: one pool per origin, or the dispatcher the user handed in. */
export class Connections {
  readonly #hosts = new Map<string, HostConnections>()
  readonly #supplied: Exit | undefined
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
    this.#supplied = options.supplied && { dispatcher: options.supplied, room: undefined }
    this.#lookup = options.lookup
  }

  /**
   * Announces a call. {@link close} waits for it until {@link endCall}.
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
   * Loads undici before the first call. Loading it takes longer than loading this package, and a process that only makes and
   * checks tokens does not need it.
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` where undici cannot be loaded: most bundlers cannot carry it.
   */
  async load(): Promise<void> {
    if (this.#supplied === undefined && undici === undefined) await loadUndici()
  }

  /** The way out to an origin. Expects that {@link load} is done. */
  to(origin: string): Exit {
    if (this.#supplied !== undefined) return this.#supplied
    let host = this.#hosts.get(origin)
    if (host === undefined) {
      if (undici === undefined) throw new Error('Connections are used before they are loaded.')
      const connects = new Connects(undici.buildConnector, this.#lookup)
      // A pool per origin is cheaper per request than an Agent, which looks its pool up each time.
      const dispatcher = new undici.Pool(origin, { connections: maxConnections, connect: connects.connect })
      host = { dispatcher, connects, room: new Room(maxConnections) }
      this.#hosts.set(origin, host)
    }
    return host
  }

  /**
   * Waits for the calls under way, then closes the sockets. Each call ends by its own deadline at the latest. A supplied
   * dispatcher stays open: its owner closes it.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    if (this.#callsUnderWay > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
    // No call is left, so the sockets can be closed at once.
    await Promise.all(
      [...this.#hosts.values()].map(async ({ dispatcher, connects }) => {
        await dispatcher.destroy()
        await connects.close()
      }),
    )
    this.#hosts.clear()
  }
}

interface HostConnections extends Exit {
  readonly dispatcher: Pool
  readonly connects: Connects
}
