import { AgoraConfigError } from '@agora-signaling/core'
import type { SignalingClient } from '@agora-signaling/core'
import { callerLifetime, requireAttached } from '@agora-signaling/core/adapter'
import type { ClientContext } from '@agora-signaling/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { lineToAdd } from './accessor.js'

/** Where a request keeps what finds its client. */
export const requestClient: unique symbol = Symbol.for('@agora-signaling/fastify.client')

/** Marks what finds the client of a request, also that of another copy of this package. */
const requestClientBrand: unique symbol = Symbol.for('@agora-signaling/fastify.requestClient')

type Done = (error?: Error) => void

/**
 * The client of one request.
 *
 * Fastify runs the hooks of a plugin before those of a route, and in the hooks of a route its user signs in. So the callbacks
 * are asked as late as they can be: when the hooks are done, or when somebody uses `request.agora` before.
 */
export class RequestClient {
  static {
    Object.defineProperty(this.prototype, requestClientBrand, { value: true })
  }

  readonly #context: ClientContext<FastifyRequest>
  readonly #request: FastifyRequest
  readonly #lifetime: () => AbortSignal
  #client: SignalingClient | undefined

  constructor(context: ClientContext<FastifyRequest>, request: FastifyRequest, reply: FastifyReply) {
    this.#context = context
    this.#request = request
    this.#lifetime = callerLifetime(reply.raw)
  }

  /** @throws {AgoraConfigError} `ERR_NOT_REGISTERED` as long as a callback has not answered. */
  get(): SignalingClient {
    if (this.#client !== undefined) return this.#client
    const found = this.#ask()
    if (found instanceof Promise) {
      // Nobody waits for this promise: its failure must not end the process.
      found.catch(() => {})
      throw new AgoraConfigError(
        'ERR_NOT_REGISTERED',
        'request.agora is not there yet: userId or tenant answers with a promise, which is awaited when the preHandler hooks are done. Use request.agora in the handler.',
      )
    }
    this.#client = found
    return found
  }

  /** Asks when all hooks are done. What somebody was told before may not hold any more. */
  settle(done: Done): void {
    this.#keep(this.#ask(), done)
  }

  /** Asks when only some of the hooks are done. An answer that is there at once is not kept, as `get` can ask again. */
  settleEarly(done: Done): void {
    const found = this.#askQuietly()
    if (found instanceof Promise) this.#keep(found, done)
    else done()
  }

  #keep(found: SignalingClient | Promise<SignalingClient>, done: Done): void {
    const keep = (client: SignalingClient): void => {
      this.#client = client
      done()
    }
    if (found instanceof Promise) found.then(keep).catch(done)
    else keep(found)
  }

  #ask(): SignalingClient | Promise<SignalingClient> {
    return this.#context.clientFor(this.#request, this.#lifetime)
  }

  /** Swallows what a callback throws: it may fail because the user has not signed in yet. `get` asks again and throws. */
  #askQuietly(): SignalingClient | Promise<SignalingClient> | undefined {
    try {
      return this.#ask()
    } catch {
      return undefined
    }
  }
}

function isRequestClient(found: unknown): found is RequestClient {
  return typeof found === 'object' && found !== null && requestClientBrand in found
}

/** What finds the client of a request. `undefined` where the application has set `request.agora`. */
export function requestClientOf(request: FastifyRequest): RequestClient | undefined {
  const found: unknown = Reflect.get(request, requestClient)
  return isRequestClient(found) ? found : undefined
}

/** What stands behind `request.agora`. */
export function clientOf(request: FastifyRequest): SignalingClient {
  const found: unknown = Reflect.get(request, requestClient)
  return isRequestClient(found) ? found.get() : requireAttached(found, lineToAdd)
}
