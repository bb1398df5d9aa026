import type { AgoraClock } from '../auth/agora-clock.js'
import type { AuthStrategy } from '../auth/strategy.js'
import type { Log } from '../logger.js'
import type { Runtime } from '../runtime.js'
import type { Connections } from '../wire/connections.js'
import type { HostRouter } from '../hosts/host-router.js'
import type { Quotas } from '../quota/quotas.js'

/** What every call of a client shares. */
export interface TransportOptions {
  readonly appId: string
  readonly auth: AuthStrategy
  readonly clock: AgoraClock
  readonly connections: Connections
  readonly router: HostRouter
  readonly quotas: Quotas
  /** For a whole call. */
  readonly timeoutMs: number
  /** For one attempt. */
  readonly attemptTimeoutMs: number
  readonly maxAttempts: number
  readonly log: Log
  readonly runtime: Runtime
}
