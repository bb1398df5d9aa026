import { AgoraConfigError } from '../errors.js'
import { LruMap } from '../lru-map.js'
import type { Runtime } from '../runtime.js'
import { publishedLimits } from '../operations.js'
import type { LimitName } from '../operations.js'
import { OwnQuotaGate } from './own-quota.js'
import type { QuotaGate, QuotaPlace, QuotaWait } from './quota-gate.js'
import { SharedQuotaGate } from './shared-quota.js'
import type { SharedLimiter } from './shared-quota.js'

/** One quota: calls per second for this process alone, a limiter shared by many processes, or `false` for none. */
export type Quota = number | SharedLimiter | false

/** The quotas of a client. What is left out is Agora's published limit. */
export interface QuotaOptions {
  /** Peer and channel messages together, per App ID. Default 500. */
  readonly messages?: Quota | undefined
  /** Reads of user events, per App ID. Default 10. */
  readonly userEvents?: Quota | undefined
  /** Reads of channel events, per App ID. Default 10. */
  readonly channelEvents?: Quota | undefined
  /** History reads, per App ID. Default 60. */
  readonly history?: Quota | undefined
  /** Publishes, per channel. Default 60. */
  readonly publish?: Quota | undefined
  /** Console calls, per account. Default 10. */
  readonly projects?: Quota | undefined
  /** Calls that may wait for one quota at the same time; one more is refused at once. Default 10,000. */
  readonly maxWaiting?: number | undefined
}

type QuotaName = Exclude<keyof QuotaOptions, 'maxWaiting'>

/** Channels whose publish quota is counted at the same time. The count of the channel unused for longest is dropped. */
const maxChannels = 10_000
const defaultMaxWaiting = 10_000

/** Keeps the calls of one client within Agora's limits. Calls wait in order. A call whose turn would come too late is refused. */
export class Quotas {
  readonly #perSecond: Readonly<Record<QuotaName, Quota>>
  readonly #maxWaiting: number
  readonly #appId: string
  readonly #runtime: Runtime
  readonly #gates = new LruMap<string, QuotaGate>(maxChannels)

  /** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` naming the quota. */
  constructor(options: QuotaOptions | false, appId: string, runtime: Runtime) {
    this.#perSecond = resolveQuotas(options)
    this.#maxWaiting = requireMaxWaiting(options === false ? undefined : options.maxWaiting)
    this.#appId = appId
    this.#runtime = runtime
  }

  /**
   * Waits for the turn of a call, as {@link QuotaGate.enter}. Returns nothing where no quota counts the call.
   *
   * @param channel The channel of the call. It matters for a limit that Agora counts per channel.
   */
  enter(
    limit: LimitName,
    channel: string | undefined,
    wait: QuotaWait,
  ): Promise<QuotaPlace> | QuotaPlace | undefined {
    // Nobody knows which limit the call of an unknown endpoint counts against.
    if (limit === 'restCalls') return undefined
    const quota = this.#perSecond[limit]
    if (quota === false) return undefined
    const isPerChannel = publishedLimits[limit].per === 'channel' && channel !== undefined
    const id = isPerChannel ? `${limit}:${channel}` : limit
    let gate = this.#gates.get(id)
    if (gate === undefined) {
      gate = this.#gate(limit, id, quota)
      this.#gates.set(id, gate)
    }
    return gate.enter(wait)
  }

  #gate(name: QuotaName, id: string, quota: Exclude<Quota, false>): QuotaGate {
    if (typeof quota === 'number') return new OwnQuotaGate(name, quota, this.#maxWaiting, this.#runtime)
    // The projects of one account usually share one limiter, so the App ID stays out of the key of an account's limit.
    const isPerAccount = publishedLimits[name].per === 'account'
    const key = isPerAccount ? `agora-signaling:${id}` : `agora-signaling:${id}:${this.#appId}`
    return new SharedQuotaGate(name, quota, key, this.#maxWaiting, this.#runtime)
  }
}

function resolveQuotas(options: QuotaOptions | false): Record<QuotaName, Quota> {
  const resolve = (name: QuotaName): Quota =>
    options === false ? false : requireQuota(name, options[name] ?? publishedLimits[name].perSecond)
  return {
    messages: resolve('messages'),
    userEvents: resolve('userEvents'),
    channelEvents: resolve('channelEvents'),
    history: resolve('history'),
    publish: resolve('publish'),
    projects: resolve('projects'),
  }
}

function requireQuota(name: QuotaName, quota: Quota): Quota {
  if (quota === false) return quota
  if (
    typeof quota === 'number' ? Number.isInteger(quota) && quota >= 1 && quota <= 100_000 : isLimiter(quota)
  )
    return quota
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `quotas.${name} must be a whole number of calls per second from 1 to 100,000, a limiter with consume(key), or false.`,
  )
}

function isLimiter(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'consume' in value && typeof value.consume === 'function'
  )
}

function requireMaxWaiting(maxWaiting: unknown = defaultMaxWaiting): number {
  if (typeof maxWaiting === 'number' && Number.isInteger(maxWaiting) && maxWaiting >= 0) return maxWaiting
  throw new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    'quotas.maxWaiting must be a whole number of calls, 0 or more.',
  )
}
