import type { Dispatcher } from 'undici'
import { AgoraClock } from '../auth/agora-clock.js'
import { accessToken2Auth } from '../auth/access-token2.js'
import { basicAuth } from '../auth/basic.js'
import type { TokenHeaderStyle } from '../auth/headers.js'
import type { AuthStrategy } from '../auth/strategy.js'
import { tokenAuth } from '../auth/supplied-token.js'
import type { TokenAuthOptions } from '../auth/supplied-token.js'
import {
  credentialsOfOneMode,
  refuseSameValues,
  requireAppCertificate,
  requireAppId,
  requireServiceUserId,
} from '../credentials/credentials.js'
import { readEnvironment } from '../credentials/environment.js'
import type { Environment, EnvironmentSettings } from '../credentials/environment.js'
import { AgoraConfigError } from '../errors.js'
import { Connections } from '../wire/connections.js'
import { areas, requireArea } from '../hosts/areas.js'
import type { Area } from '../hosts/areas.js'
import { requireOrigin } from '../hosts/base-url.js'
import { HostRouter } from '../hosts/host-router.js'
import { Quotas } from '../quota/quotas.js'
import type { QuotaOptions } from '../quota/quotas.js'
import { tellOfUnusedProxy } from '../wire/unused-proxy.js'
import { checkOptions } from '../input/options.js'
import { Transport } from '../call/transport.js'
import { Log } from '../logger.js'
import type { Logger, LogLevel } from '../logger.js'
import { clientRuntime, machine } from '../runtime.js'
import type { Runtime } from '../runtime.js'
import type { ClientConnection } from './connection.js'
import { clientOptionRules } from './option-rules.js'
import { requireUserIdInPath } from '../input/identifiers.js'
import type { Identity } from './identity.js'

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

const defaultTimeoutMs = 15_000
const defaultAttemptTimeoutMs = 5000
const defaultMaxAttempts = 4

/**
 * Everything a client is made of, checked once.
 *
 * @param sharedConnections Connections of another owner, to be used instead of own ones.
 */
export function resolveClient(
  options: UncheckedClientOptions,
  env: Environment,
  sharedConnections?: Connections,
): { connection: ClientConnection; identity: Identity } {
  checkOptions('createSignalingClient()', options, clientOptionRules)
  refuseTwoModes(options)
  const settings = readEnvironment(env)
  const appId = requireAppId(options.appId ?? settings.appId)
  const credentials = resolveCredentials(options, settings, appId)
  const log = new Log(options.logger, options.logLevel ?? settings.logLevel)
  const runtime: Runtime = { ...machine, ...options[clientRuntime] }
  const clock = new AgoraClock(runtime, log)
  const connections =
    options.dispatcher === undefined && sharedConnections !== undefined
      ? sharedConnections
      : new Connections({ supplied: options.dispatcher, lookup: runtime.lookup })
  const hosts = resolveHosts(options, settings, log)
  const router = new HostRouter(hosts, runtime.monotonicMs)
  if (options.dispatcher === undefined) tellOfUnusedProxy(env, router.origins, log)
  const transport = new Transport({
    appId,
    auth: credentials.auth,
    clock,
    connections,
    router,
    quotas: new Quotas(options.quotas ?? {}, appId, runtime),
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    attemptTimeoutMs: options.attemptTimeoutMs ?? defaultAttemptTimeoutMs,
    maxAttempts: options.maxAttempts ?? defaultMaxAttempts,
    log,
    runtime,
  })
  return {
    connection: {
      appId,
      auth: credentials.auth,
      clock,
      appCertificate: credentials.appCertificate,
      connections,
      transport,
      log,
    },
    identity: serviceIdentity(credentials),
  }
}

/** One origin of the user's, or an area of Agora's. The region of other tools has other values: it is worth a warning, no more. */
function resolveHosts(
  options: UncheckedClientOptions,
  settings: EnvironmentSettings,
  log: Log,
): ConstructorParameters<typeof HostRouter>[0] {
  const baseUrl = options.baseUrl ?? (options.area === undefined ? settings.baseUrl : undefined)
  if (baseUrl !== undefined) {
    return { origin: requireOrigin(baseUrl, options.insecureHost ?? settings.insecureHost) }
  }
  if (options.area !== undefined) return { area: requireArea(options.area) }
  const region = settings.region?.toLowerCase()
  const area = areas.find((known) => known === region)
  if (area === undefined && region !== undefined) {
    log.warn(`AGORA_REGION is none of ${areas.join(', ')} and is not used: calls go to the global hosts.`)
  }
  return { area: area ?? 'global' }
}

interface ResolvedCredentials {
  readonly auth: AuthStrategy
  readonly appCertificate: string | undefined
  /** Default sender; with tokens the user they are made for. */
  readonly userId: string | undefined
}

/** Explicit credentials win as a whole: the environment fills in what belongs to them, never another way to authenticate. */
function resolveCredentials(
  options: UncheckedClientOptions,
  settings: EnvironmentSettings,
  appId: string,
): ResolvedCredentials {
  const { headerStyle } = options
  const userId = resolveUserId(options, settings)
  const appCertificate = options.appCertificate ?? certificateFor(appId, settings)
  if (appCertificate !== undefined) requireAppCertificate(appCertificate)

  if (options.auth !== undefined) {
    return { auth: options.auth, appCertificate, userId: options.auth.userId ?? userId }
  }
  if (options.token !== undefined) {
    const auth = tokenAuth({ token: options.token, userId: requireServiceUserId(userId), headerStyle })
    return { auth, appCertificate, userId: auth.userId }
  }
  const isExplicit = modesOf(options).length > 0
  const { customerId, customerSecret } = isExplicit ? options : settings
  const credentials = credentialsOfOneMode({ customerId, customerSecret, appCertificate, userId })
  refuseSameValues({ ...credentials, appId })
  if (credentials.customerId !== undefined) {
    const { customerId: id, customerSecret: secret } = credentials
    return { auth: basicAuth({ customerId: id, customerSecret: secret }), appCertificate, userId }
  }
  const auth = accessToken2Auth({ appId, ...credentials, headerStyle })
  return { auth, appCertificate, userId: auth.userId }
}

function resolveUserId(options: UncheckedClientOptions, settings: EnvironmentSettings): string | undefined {
  if (options.userId !== undefined) return requireUserIdInPath(options.userId, 'userId')
  return settings.userId === undefined ? undefined : requireUserIdInPath(settings.userId, 'AGORA_USER_ID')
}

/** A certificate belongs to one App ID: the environment's is of no use for another. */
function certificateFor(appId: string, settings: EnvironmentSettings): string | undefined {
  return settings.appId === undefined || settings.appId === appId ? settings.appCertificate : undefined
}

function serviceIdentity({ auth, userId }: ResolvedCredentials): Identity {
  if (userId !== undefined) requireUserIdInPath(userId, 'userId')
  return { kind: 'service', userId, mayNameOthers: auth.userId === undefined }
}

/** The ways to authenticate that the options name. A certificate beside a customer ID only serves `issueToken`. */
function modesOf(options: UncheckedClientOptions): string[] {
  const hasCustomer = options.customerId !== undefined || options.customerSecret !== undefined
  return [
    ...(options.auth === undefined ? [] : ['auth']),
    ...(options.token === undefined ? [] : ['token']),
    ...(hasCustomer ? ['the pair customerId and customerSecret'] : []),
    ...(options.appCertificate === undefined || hasCustomer || options.auth !== undefined
      ? []
      : ['appCertificate']),
  ]
}

function refuseTwoModes(options: UncheckedClientOptions): void {
  const [first, second] = modesOf(options)
  if (first === undefined || second === undefined) return
  throw new AgoraConfigError(
    'ERR_CONFIG_CONFLICT',
    `Both ${first} and ${second} are given, and a client authenticates in one way only: keep one of the two.`,
  )
}
