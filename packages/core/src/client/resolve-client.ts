import { AgoraClock } from '../auth/agora-clock.js'
import { accessToken2Auth } from '../auth/access-token2.js'
import { basicAuth } from '../auth/basic.js'
import type { AuthStrategy } from '../auth/strategy.js'
import { tokenAuth } from '../auth/supplied-token.js'
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
import { requireOrigin } from '../hosts/base-url.js'
import { HostRouter } from '../hosts/host-router.js'
import { Quotas } from '../quota/quotas.js'
import { tellOfUnusedProxy } from '../wire/unused-proxy.js'
import { checkOptions } from '../input/options.js'
import { Transport } from '../call/transport.js'
import { Log } from '../logger.js'
import { clientRuntime, machine } from '../runtime.js'
import type { Runtime } from '../runtime.js'
import type { ClientParts } from './client-parts.js'
import { clientOptionRules } from './option-rules.js'
import { requireUserIdInPath } from '../input/identifiers.js'
import type { Identity } from './identity.js'
import type { UncheckedClientOptions } from './options.js'

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
): { parts: ClientParts; identity: Identity } {
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
    parts: {
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
