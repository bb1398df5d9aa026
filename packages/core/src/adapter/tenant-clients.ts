import { createClientOn } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import { clientOptionRules } from '../client/option-rules.js'
import type { SignalingClientOptions, UncheckedClientOptions } from '../client/options.js'
import { AgoraConfigError, AgoraValidationError } from '../errors.js'
import type { Connections } from '../wire/connections.js'
import { TimeLimitReached, withinTimeLimits } from '../waiting/time-limits.js'
import { checkOptions } from '../input/options.js'
import { LruMap } from '../lru-map.js'
import { ask } from './per-request.js'
import type { Callback } from './per-request.js'

/** What a `tenant.key` callback may give. `undefined` means the default client. */
export type TenantKey = string | undefined

/** How to find the tenant of a request, and how to load the options of its client. */
export interface TenantOptions<HostRequest> {
  /**
   * Finds the tenant of a request, from what your own application knows of it. `undefined` means the default client, which is
   * made of the other options.
   */
  readonly key: (request: HostRequest) => TenantKey | Promise<TenantKey>
  /**
   * Loads the options of a tenant's client. It is called once for each key, also when several requests wait. Throw for a key
   * that you do not know. A failed load is not kept: the next request loads again. Call `forgetTenant(key)` when the
   * credentials of a tenant change.
   */
  readonly options: (key: string) => SignalingClientOptions | Promise<SignalingClientOptions>
  /** How many clients are kept: those that were used last. From 1 to 1,000,000, default 10,000. */
  readonly max?: number | undefined
}

/** A client takes a few kilobytes. */
const defaultMax = 10_000

/** A longer key probably comes from a caller. Ten thousand keys of a megabyte would fill the memory. */
const maxKeyLength = 1024

/** Requests wait for the options of their tenant. The wait has to end. */
const loadTimeoutMs = 10_000

/**
 * The clients of the tenants that were served last, one for each key.
 *
 * They share their connections. A forgotten client keeps working for the requests that have it. It leaves no socket open.
 */
export class TenantClients {
  readonly #load: Callback<string, SignalingClientOptions>
  readonly #connections: Connections
  readonly #known: LruMap<string, SignalingClient>
  readonly #loading = new Map<string, Promise<SignalingClient>>()
  #isClosed = false

  /**
   * @param owner What `tenant` is an option of, as the user wrote it.
   * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`
   */
  constructor(
    owner: string,
    tenant: Pick<TenantOptions<never>, 'key' | 'options' | 'max'>,
    connections: Connections,
  ) {
    requireBoth(owner, tenant)
    this.#load = { option: 'tenant.options', find: tenant.options }
    this.#known = new LruMap(tenant.max ?? defaultMax)
    this.#connections = connections
  }

  /** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a key that is empty or too long. */
  clientOf(key: string): SignalingClient | Promise<SignalingClient> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    requireKey(key)
    return this.#loading.get(key) ?? this.#open(key)
  }

  /** The next request of the tenant loads its options again. The result of a load under way is not kept. */
  forget(key: string): void {
    this.#known.delete(key)
    this.#loading.delete(key)
  }

  /** How many clients are kept or being loaded. */
  get size(): number {
    return this.#known.size + this.#loading.size
  }

  /** Closes the connections that the kept clients share, and those of kept clients with a dispatcher of their own. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([
      this.#connections.close(),
      ...this.#known.values().map(({ connections }) => connections.close()),
    ])
  }

  #open(key: string): SignalingClient | Promise<SignalingClient> {
    const options = ask(this.#load, key)
    if (!(options instanceof Promise)) {
      const client = this.#clientWith(options)
      this.#known.set(key, client)
      return client
    }
    const isWanted = (): boolean => this.#loading.get(key) === loading
    const loading = withinLoadTimeout(options)
      .then((loaded) => {
        const client = this.#clientWith(loaded)
        if (isWanted()) this.#known.set(key, client)
        return client
      })
      .finally(() => {
        if (isWanted()) this.#loading.delete(key)
      })
    this.#loading.set(key, loading)
    return loading
  }

  #clientWith(options: UncheckedClientOptions): SignalingClient {
    if (this.#isClosed) {
      throw new AgoraConfigError(
        'ERR_CLIENT_CLOSED',
        'agoraSignaling() is closed and makes no client for another tenant. Close it once the server has stopped taking requests.',
      )
    }
    if (typeof options !== 'object' || options === null) {
      throw new AgoraConfigError(
        'ERR_CONFIG_INVALID',
        'tenant.options must give the options of a client, as createSignalingClient() takes them. Throw an error for a key that you do not know.',
      )
    }
    checkOptions('tenant.options', options, clientOptionRules)
    return createClientOn(options, this.#connections)
  }
}

function requireBoth(owner: string, tenant: Partial<TenantOptions<never>>): void {
  for (const name of ['key', 'options'] as const) {
    if (tenant[name] !== undefined) continue
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      `tenant.${name} of ${owner} is missing: tenant: { key: (request) => …, options: (key) => … }.`,
    )
  }
}

function requireKey(key: unknown): void {
  if (typeof key !== 'string') {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'tenant.key must give the key of a tenant as text, or undefined for the default client.',
    )
  }
  if (key !== '' && key.length <= maxKeyLength) return
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'tenant.key',
    `The key of a tenant must have 1 to ${maxKeyLength.toLocaleString('en-US')} characters.`,
  )
}

async function withinLoadTimeout(options: Promise<SignalingClientOptions>): Promise<SignalingClientOptions> {
  try {
    return await withinTimeLimits(options, { timeoutMs: loadTimeoutMs })
  } catch (error) {
    if (!(error instanceof TimeLimitReached)) throw error
    throw new Error(
      `tenant.options did not answer within ${loadTimeoutMs.toLocaleString('en-US')} ms: see what it waits for. The next request of the tenant asks again.`,
      { cause: error },
    )
  }
}
