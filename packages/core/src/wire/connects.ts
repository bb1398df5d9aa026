import { Socket } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { buildConnector } from 'undici'
import { Line } from '../waiting/line.js'

/** Connections that are being made at the same time, for one host. If the host drops packets, each takes ten seconds. */
export const maxConnecting = 64

/** Opens the sockets of one host: a bounded number at a time, and none stays open after {@link close}. */
export class Connects {
  readonly #connect: buildConnector.connector
  readonly #sockets = new Set<Socket>()
  readonly #waiting = new Line<() => void>()
  #connecting = 0

  constructor(build: typeof buildConnector, lookup: LookupFunction | undefined) {
    this.#connect = build(lookup === undefined ? {} : { lookup })
  }

  /** For undici: opens a socket as soon as there is room for one more. */
  readonly connect: buildConnector.connector = (options, done) => {
    if (this.#connecting < maxConnecting) this.#open(options, done)
    else this.#waiting.join(() => this.#open(options, done))
  }

  /** Closes every socket, also those that are still connecting. Undici would leave those open until their time limit. */
  async close(): Promise<void> {
    while (this.#waiting.takeFirst() !== undefined);
    await Promise.all(
      [...this.#sockets].map(async (socket) => {
        const closed = new Promise((resolve) => socket.once('close', resolve))
        socket.destroy()
        await closed
      }),
    )
  }

  #open(options: buildConnector.Options, done: buildConnector.Callback): void {
    this.#connecting += 1
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      this.#connecting -= 1
      this.#waiting.takeFirst()?.()
    }
    // Undici's connector gives the socket it makes, though its type does not say so.
    const socket: unknown = this.#connect(options, (...result) => {
      over()
      done(...result)
    })
    if (!(socket instanceof Socket)) return
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      over()
    })
  }
}
