import { createClientOn } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { Connections } from '../http/connections.js'
import { LruMap } from '../lru-map.js'
import { clientRuntime } from '../runtime.js'

interface KnownClient {
  readonly options: UncheckedClientOptions
  readonly client: SignalingClient
}

/** App IDs, or users of an App ID. */
const maxTenants = 10_000

/** Credentials come and go: those of one App ID and user that were used last. */
const maxOptionsOfTenant = 10

/**
 * The clients of the tenants that were served last, made at first need and found by the options themselves, so that
 * a callback may build them anew for each request.
 *
 * Every option counts, credentials included: finding by the App ID alone would let a tenant use another's secret. They
 * are compared one by one, which takes a tenth of the time it takes to make a key of them.
 */
export class TenantClients {
  readonly #connections = new Connections()
  readonly #known = new LruMap<string, readonly KnownClient[]>(maxTenants)

  clientOf(options: UncheckedClientOptions): SignalingClient {
    const { appId = '', userId } = options
    const tenant = userId === undefined ? appId : `${appId} ${userId}`
    const known = this.#known.get(tenant) ?? []
    for (const { options: those, client } of known) if (areSame(options, those)) return client
    const client = createClientOn(options, this.#connections)
    this.#known.set(tenant, [{ options: { ...options }, client }, ...known].slice(0, maxOptionsOfTenant))
    return client
  }

  close(): Promise<void> {
    return this.#connections.close()
  }
}

/** Functions and objects are the same when they are one. */
function areSame(options: UncheckedClientOptions, those: UncheckedClientOptions): boolean {
  return (
    holdsAll(options, those) && holdsAll(those, options) && options[clientRuntime] === those[clientRuntime]
  )
}

function holdsAll<Options extends UncheckedClientOptions>(options: Options, others: Options): boolean {
  for (const name in others) if (options[name] !== others[name]) return false
  return true
}
