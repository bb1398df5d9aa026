import type { ClientContext } from '@agora-signaling/core/adapter'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { clientOf, requestClient } from './request-client.js'

/** What the plugin adds to the scope it is registered in, as `app.agora`. */
export interface AgoraSignalingScope {
  /**
   * Forgets the client of a tenant. Its next request loads the options again. Call it when the credentials of the tenant have
   * changed. Requests under way keep the client they have.
   */
  forgetTenant(key: string): void
}

/** Marks what the plugin adds, also that of another copy of this package. */
const registrationsBrand: unique symbol = Symbol.for('@agora-signaling/fastify.registrations')

/** The registrations of the plugin in one scope. Of several, the hook of the last one wins. */
class Registrations implements AgoraSignalingScope {
  static {
    Object.defineProperty(this.prototype, registrationsBrand, { value: true })
  }

  readonly #contexts: ClientContext<FastifyRequest>[] = []

  add(context: ClientContext<FastifyRequest>): void {
    this.#contexts.push(context)
  }

  get findsUsers(): boolean {
    return this.#contexts.at(-1)?.findsUsers === true
  }

  forgetTenant(key: string): void {
    for (const context of this.#contexts) context.forgetTenant(key)
  }
}

function isRegistrations(agora: unknown): agora is Registrations {
  return typeof agora === 'object' && agora !== null && registrationsBrand in agora
}

/** Whether the requests of a scope have users; `undefined` where the plugin is not registered. */
export function findsUsers({ agora }: FastifyInstance): boolean | undefined {
  return isRegistrations(agora) ? agora.findsUsers : undefined
}

/** Adds `app.agora` and `request.agora`. A scope within this one may have a registration of its own. */
export function decorate(app: FastifyInstance, context: ClientContext<FastifyRequest>): void {
  const { agora } = app
  if (Object.hasOwn(app, 'agora') && isRegistrations(agora)) {
    agora.add(context)
    return
  }
  if (!isRegistrations(agora)) decorateRequest(app)
  const registrations = new Registrations()
  registrations.add(context)
  app.decorate('agora', registrations)
}

function decorateRequest(app: FastifyInstance): void {
  app.decorateRequest(requestClient, null)
  app.decorateRequest('agora', {
    getter() {
      return clientOf(this)
    },
    setter(client) {
      Reflect.set(this, requestClient, client)
    },
  })
}
