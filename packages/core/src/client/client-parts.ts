import type { Clock } from '../auth/agora-clock.js'
import type { AuthStrategy } from '../auth/strategy.js'
import type { Connections } from '../wire/connections.js'
import type { Carrier } from '../call/call.js'
import type { Log } from '../logger.js'

/** What a client and all its views share. */
export interface ClientParts {
  readonly appId: string
  /** For `issueToken`; a client can do everything else without it. */
  readonly appCertificate: string | undefined
  readonly auth: AuthStrategy
  /** Agora's time, as far as it is known. */
  readonly clock: Clock
  readonly connections: Connections
  readonly transport: Carrier
  readonly log: Log
}
