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

/** What a `userId` callback may give. `undefined`, `null` and `''` mean that the request has no user. */
export type RequestUserId = string | null | undefined

/** Finds the user of a request in the host application's own session. It must not believe what the caller claims. */
export type UserIdOfRequest<HostRequest> = (request: HostRequest) => RequestUserId | Promise<RequestUserId>

/**
 * Options of every adapter's `agoraSignaling()`. Without any, everything comes from the environment.
 *
 * @typeParam HostRequest The request or context of the framework: what callbacks get.
 */
export type AgoraSignalingOptions<HostRequest> = RequestOptions<HostRequest> &
  (OwnClientOptions | SharedClientOptions)

interface RequestOptions<HostRequest> {
  /**
   * A function finds the user of each request. The client of the request then acts for that user alone. When the function
   * gives no user, the client acts for nobody. A string is the user that the back end itself acts for, as in
   * `createSignalingClient`.
   */
  readonly userId?: string | UserIdOfRequest<HostRequest> | undefined
  /**
   * For several Agora projects in one application. It says how to find the tenant of a request, and how to load the options
   * of its client. The other options make the default client, for requests without a tenant.
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
  /** Whether `userId` is a function, so that requests have users. */
  readonly findsUsers: boolean
  /**
   * Finds the client of a request. It belongs to the tenant of the request and acts for its user. It comes at once when no
   * callback gives a promise.
   *
   * @param lifetime Gives a signal that ends the calls of this client when it is aborted: see `callerLifetime`. It is
   * called when the client makes its first call.
   * @throws What a callback throws. A callback that fails with something else than an error becomes an error that names it.
   */
  clientFor(request: HostRequest, lifetime?: () => AbortSignal): SignalingClient | Promise<SignalingClient>
  /** Forgets the client of a tenant. Its next request loads the options again. Requests under way keep their client. */
  forgetTenant(key: string): void
  /** Closes the connections that the context opened. A client that was passed as `client` stays open. */
  close(): Promise<void>
}

/**
 * Makes the half of `agoraSignaling()` that knows no framework: it finds the client of each request.
 *
 * Call it at start-up, since it throws there what is wrong with the options. With `tenant`, the default client is made
 * when a request needs it.
 *
 * @param owner What the options are for, as the user wrote it. It appears in errors.
 *
 * @example
 * const context = createClientContext<IncomingMessage>({ userId: (req) => sessionOf(req).userId })
 * const client = await context.clientFor(req, callerLifetime(res))
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
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
 * Checks that a middleware attached a client, and gives it. Build `getAgora()` with it.
 *
 * @param attached What stands where the middleware puts the client. Another library may have put something else there, so
 * it is checked.
 * @param fix The line to add, for the error.
 *
 * @example
 * requireAttached(req.agora, 'app.use(agoraSignaling())')
 *
 * @throws {AgoraConfigError} `ERR_NOT_REGISTERED` with the line to add.
 */
export function requireAttached(attached: unknown, fix: string): SignalingClient {
  if (isSignalingClient(attached)) return attached
  throw new AgoraConfigError(
    'ERR_NOT_REGISTERED',
    `This request has no Signaling client: agoraSignaling() is not mounted, or is mounted after this route. Add before it:\n\n  ${fix}\n`,
  )
}
