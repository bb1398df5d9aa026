import type { Dispatcher } from 'undici'
import type { TokenHeaderStyle } from '../auth/header-style.js'
import type { AuthStrategy } from '../auth/strategy.js'
import type { TokenAuthOptions } from '../auth/supplied-token.js'
import type { Area } from '../hosts/areas.js'
import type { QuotaOptions } from '../quota/quotas.js'
import type { Logger, LogLevel } from '../logger.js'
import type { clientRuntime } from '../runtime.js'
import type { Runtime } from '../runtime.js'

/** Options that do not depend on how the client authenticates. */
export interface CommonClientOptions {
  /** App ID: 32 hexadecimal characters. Default: `AGORA_APP_ID`. */
  readonly appId?: string | undefined
  /** The one host to talk to, for instance an emulator. Plain http on this machine only, and to `insecureHost`. Default: `AGORA_REST_BASE_URL`, else Agora's hosts. */
  readonly baseUrl?: string | undefined
  /** The one other machine that `baseUrl` may name with plain http, for instance `emulator` for a container of that name. Credentials travel there unencrypted. Default: `AGORA_ALLOW_INSECURE_HOST`, else none. */
  readonly insecureHost?: string | undefined
  /** Where your servers are: `us`, `eu`, `ap`, `cn`, or `global`, Agora's choice by DNS. Default: `AGORA_REGION`, else `global`. Has no meaning beside `baseUrl`. */
  readonly area?: Area | undefined
  /** Total time for a call in milliseconds, all its attempts and waits included. Default 15,000. */
  readonly timeoutMs?: number | undefined
  /** Time for one attempt in milliseconds; sends with `waitForAck` have twice as long. Default 5,000. */
  readonly attemptTimeoutMs?: number | undefined
  /** Attempts of one call at most, 1 to 10: only calls that are safe to repeat have more than one. Default 4. */
  readonly maxAttempts?: number | undefined
  /** Agora's limits, which calls wait for in order. `false` turns them off. Default: the published limits, for this process alone. */
  readonly quotas?: QuotaOptions | false | undefined
  /** Anything with the four methods of `console`. Default: `console`. */
  readonly logger?: Logger | undefined
  /** `silent`, `error`, `warn`, `info` or `debug`. Default: `AGORA_LOG_LEVEL`, else `warn`. */
  readonly logLevel?: LogLevel | undefined
  /** How a token travels. Default `authorization`. Has no meaning for Basic and `auth`. */
  readonly headerStyle?: TokenHeaderStyle | undefined
  /** An undici dispatcher to send through: a proxy, a mock. It stays yours: `close()` leaves it open. Default: a pool per host. */
  readonly dispatcher?: Dispatcher | undefined
  /** Another clock, chance or name service, for tests: see `@agora-signaling/core/testing`. */
  readonly [clientRuntime]?: Partial<Runtime> | undefined
}

/** One way to authenticate; the keys of the others cannot be there. Without any: the environment. */
export type ClientCredentialOptions =
  | {
      readonly auth: AuthStrategy
      /** For `issueToken`. */
      readonly appCertificate?: string | undefined
      readonly userId?: never
      readonly customerId?: never
      readonly customerSecret?: never
      readonly token?: never
    }
  | {
      readonly customerId: string
      readonly customerSecret: string
      /** For `issueToken`. */
      readonly appCertificate?: string | undefined
      /** Sender of messages that name none. */
      readonly userId?: string | undefined
      readonly auth?: never
      readonly token?: never
    }
  | {
      readonly appCertificate: string
      /** The user to act for. */
      readonly userId: string
      readonly auth?: never
      readonly customerId?: never
      readonly customerSecret?: never
      readonly token?: never
    }
  | {
      readonly token: TokenAuthOptions['token']
      /** The user the token was made for. */
      readonly userId: string
      readonly auth?: never
      readonly appCertificate?: never
      readonly customerId?: never
      readonly customerSecret?: never
    }
  | {
      /** Default: `AGORA_USER_ID`. */
      readonly userId?: string | undefined
      readonly auth?: never
      readonly appCertificate?: never
      readonly customerId?: never
      readonly customerSecret?: never
      readonly token?: never
    }

/** Options of `createSignalingClient`. */
export type SignalingClientOptions = CommonClientOptions & ClientCredentialOptions

/** The same before it is known whether they name one way to authenticate. */
export interface UncheckedClientOptions extends CommonClientOptions {
  readonly auth?: AuthStrategy | undefined
  readonly customerId?: string | undefined
  readonly customerSecret?: string | undefined
  readonly appCertificate?: string | undefined
  readonly token?: TokenAuthOptions['token'] | undefined
  readonly userId?: string | undefined
}
