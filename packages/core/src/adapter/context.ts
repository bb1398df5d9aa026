import { createClientOn, isSignalingClient } from '../client/client.js'
import type { SignalingClient } from '../client/client.js'
import type {
  ClientCredentialOptions,
  CommonClientOptions,
  UncheckedClientOptions,
} from '../client/options.js'
import { AgoraConfigError } from '../errors.js'
import { Connections } from '../wire/connections.js'
import { checkOptions } from '../input/options.js'
import { ask, whenReady } from './per-request.js'
import type { Callback } from './per-request.js'
import { signalingOptionRules } from './signaling-options.js'
import type { UncheckedSignalingOptions } from './signaling-options.js'
import { TenantClients } from './tenant-clients.js'
import type { TenantKey, TenantOptions } from './tenant-clients.js'

/** What a `userId` callback may give: nothing means that the request has no user. */
export type RequestUserId = string | null | undefined

/** Finds the user of a request, from the host application's own session: never from what the caller claims. */
export type UserIdOfRequest<HostRequest> = (request: HostRequest) => RequestUserId | Promise<RequestUserId>

/** Options of every adapter's `agoraSignaling()`. Without any, everything comes from the environment. */
export type AgoraSignalingOptions<HostRequest> = RequestOptions<HostRequest> &
  (OwnClientOptions | SharedClientOptions)

interface RequestOptions<HostRequest> {
  /**
   * A function finds the user of each request: the request's client then acts for that user and for nobody else, and
   * for nobody at all when the function gives none. A string is the user the back end itself acts for, as in
   * `createSignalingClient`.
   */
  readonly userId?: string | UserIdOfRequest<HostRequest> | undefined
  /**
   * Several Agora projects in one application: how the tenant of a request is found, and what its client is made of. The
   * other options make the default client, for requests without a tenant.
   */
  readonly tenant?: TenantOptions<HostRequest> | undefined
}

type WithoutUserId<Options> = Options extends unknown ? Omit<Options, 'userId'> : never
type OwnClientOptions = CommonClientOptions &
  WithoutUserId<ClientCredentialOptions> & { readonly client?: never }

type SharedClientOptions = {
  /** A client you made yourself. It stays yours: closing the middleware leaves it open. */
  readonly client: SignalingClient
} & { readonly [Name in Exclude<keyof UncheckedClientOptions, 'userId'>]?: never }

/** Finds the client of each request. */
export interface ClientContext<HostRequest> {
  /** Whether somebody says who the user of a request is. */
  readonly findsUsers: boolean
  /**
   * The client for a request: of its tenant, acting for its user.
   *
   * @param lifetime Its calls end early when this signal is aborted: see `callerLifetime`. Asked at the first call.
   */
  clientFor(request: HostRequest, lifetime?: () => AbortSignal): SignalingClient | Promise<SignalingClient>
  /** The next request of the tenant loads its options anew. Requests that have its client keep it. */
  forgetTenant(key: string): void
  /** Closes the connections the context opened. */
  close(): Promise<void>
}

/**
 * Makes the host-neutral half of `agoraSignaling()`.
 *
 * @param owner Whose options they are, as the user wrote it.
 * @throws {AgoraConfigError} when the options or the environment are incomplete or contradict each other: at start-up,
 * not at the first request. With `tenant`, the default client is only made when a request needs it.
 */
export function createClientContext<HostRequest>(
  options: AgoraSignalingOptions<HostRequest>,
  owner = 'agoraSignaling()',
): ClientContext<HostRequest> {
  checkOptions<UncheckedSignalingOptions>(owner, options, signalingOptionRules)
  const { userId, tenant, client, ...rest } = options
  // The user of the back end itself belongs to the client, the user of a request does not.
  const clientOptions: UncheckedClientOptions = typeof userId === 'string' ? { ...rest, userId } : rest
  const user = typeof userId === 'function' ? { option: 'userId', find: userId } : undefined
  const findsUsers = user !== undefined
  if (client !== undefined) refuseOptionsOfClient(clientOptions)

  if (tenant === undefined) {
    const own = client ?? createClientOn(clientOptions)
    return {
      findsUsers,
      clientFor: (request, lifetime) => forRequest(own, lifetime, user, request),
      forgetTenant: () => {},
      close: async () => {
        if (client === undefined) await own.close()
      },
    }
  }

  const connections = new Connections()
  const tenants = new TenantClients(owner, tenant, connections)
  let own: SignalingClient | undefined
  const clientOf = (key: TenantKey): SignalingClient | Promise<SignalingClient> =>
    key === undefined
      ? (client ?? (own ??= createClientOn(clientOptions, connections)))
      : tenants.clientOf(key)
  const find = { option: 'tenant.key', find: tenant.key }
  return {
    findsUsers,
    clientFor: (request, lifetime) =>
      whenReady(ask(find, request), (key) =>
        whenReady(clientOf(key), (found) => forRequest(found, lifetime, user, request)),
      ),
    forgetTenant: (key) => tenants.forget(key),
    close: async () => {
      await Promise.all([tenants.close(), own?.connections.close()])
    },
  }
}

function refuseOptionsOfClient(options: UncheckedClientOptions): void {
  const [name] = Object.entries(options).find(([, value]) => value !== undefined) ?? []
  if (name === undefined) return
  throw new AgoraConfigError(
    'ERR_CONFIG_CONFLICT',
    `Both client and ${name} are given, and a client has its options already: pass ${name} to createSignalingClient, or leave out client.`,
  )
}

function forRequest<HostRequest>(
  client: SignalingClient,
  lifetime: (() => AbortSignal) | undefined,
  user: Callback<HostRequest, RequestUserId> | undefined,
  request: HostRequest,
): SignalingClient | Promise<SignalingClient> {
  if (user !== undefined) {
    return whenReady(ask(user, request), (userId) => client.forRequest(userId ?? '', lifetime))
  }
  return lifetime === undefined ? client : client.during(lifetime)
}

/**
 * The client that a middleware attached.
 *
 * @param attached What stands where the middleware puts it. Being there proves nothing: another library may have
 * put something of its own in that place.
 * @param fix The line to add, for the error.
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED`
 */
export function requireAttached(attached: unknown, fix: string): SignalingClient {
  if (isSignalingClient(attached)) return attached
  throw new AgoraConfigError(
    'ERR_NOT_REGISTERED',
    `This request has no Signaling client: agoraSignaling() is not mounted, or is mounted after this route. Add before it:\n\n  ${fix}\n`,
  )
}
