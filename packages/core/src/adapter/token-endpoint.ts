import type { SignalingClient } from '../client/client.js'
import { AgoraConfigError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, either, listOf, oneOf } from '../input/rule.js'
import { wholeLifetimeInSeconds } from '../input/values.js'
import type { UserIdOfRequest } from './context.js'
import { methodNotAllowed } from './http-answer.js'
import type { HttpAnswer } from './http-answer.js'
import { ask } from './per-request.js'
import type { PerRequest } from './per-request.js'

/** Options of every adapter's `tokenRoute()`. */
export interface TokenRouteOptions<HostRequest> {
  /** Finds the user the token is for. Default: the user that `agoraSignaling({ userId })` found. Without a user, 401. */
  readonly userId?: UserIdOfRequest<HostRequest> | undefined
  /** Lifetime in seconds, 1 to 86,400. Default 3,600. */
  readonly ttlSeconds?: PerRequest<HostRequest, number> | undefined
  /** Methods the route answers; any other gets 405. Default `['GET', 'POST']`. HEAD goes with GET. */
  readonly methods?: readonly ('GET' | 'POST')[] | undefined
}

/** One call of the token route, in host-neutral terms. */
export interface TokenRequest<HostRequest> {
  readonly method: string
  readonly hostRequest: HostRequest
  /** The client that `agoraSignaling()` attached to the request. */
  readonly client: SignalingClient
}

/** What `tokenRoute()` knows. */
export const tokenRouteRules: OptionRules<TokenRouteOptions<never>> = {
  userId: aFunction('a function that finds the user of a request in your own session'),
  ttlSeconds: either(wholeLifetimeInSeconds, aFunction('a function that finds it for each request')),
  methods: listOf('a list of methods, GET or POST or both', oneOf(['GET', 'POST'])),
}

/**
 * Makes the host-neutral half of `tokenRoute()`.
 *
 * @param owner Whose options they are, as the user wrote it.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when an option is misspelt or of a wrong type, or no method is named.
 * @throws {AgoraValidationError} `ERR_INVALID_TTL`
 */
export function createTokenEndpoint<HostRequest>(
  options: TokenRouteOptions<HostRequest>,
  owner = 'tokenRoute()',
): (request: TokenRequest<HostRequest>) => Promise<HttpAnswer> {
  checkOptions<TokenRouteOptions<never>>(owner, options, tokenRouteRules)
  const { userId: userOf, ttlSeconds = 3600, methods = ['GET', 'POST'] } = options
  if (methods.length === 0)
    throw new AgoraConfigError('ERR_CONFIG_INVALID', 'methods must name GET, POST or both.')
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))

  const user = userOf && { option: 'userId', find: userOf }
  const lifetime = typeof ttlSeconds === 'number' ? ttlSeconds : { option: 'ttlSeconds', find: ttlSeconds }
  let isWarned = false

  return async ({ method, hostRequest, client }) => {
    if (!allowed.includes(method)) return methodNotAllowed(allowed)
    const userId = user === undefined ? client.requestUserId : await ask(user, hostRequest)
    if (userId === undefined || userId === null || userId === '') {
      if (user === undefined && client.isOfBackEnd && !isWarned) {
        isWarned = true
        client.log.warn(nobodyToAsk(owner))
      }
      return identityMissing()
    }
    const seconds = typeof lifetime === 'number' ? lifetime : await ask(lifetime, hostRequest)
    const issued = client.issueTokenFor(userId, seconds)
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: { ...issued, expiresAt: issued.expiresAt.toISOString() },
    }
  }
}

/**
 * For an adapter that knows at start-up which `agoraSignaling()` a token route belongs to.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when neither of the two finds the user of a request.
 */
export function requireSomeoneToAsk(
  owner: string,
  tokenRoute: { readonly userId?: unknown },
  context: { readonly findsUsers: boolean },
): void {
  if (tokenRoute.userId !== undefined || context.findsUsers) return
  throw new AgoraConfigError('ERR_CONFIG_MISSING', nobodyToAsk(owner))
}

function nobodyToAsk(owner: string): string {
  return `${owner} answers 401 to every caller: nothing is set that finds the user of a request. Pass agoraSignaling() a userId function that finds the user in your own session, or pass one to ${owner}.`
}

function identityMissing(): HttpAnswer {
  return {
    status: 401,
    headers: { 'cache-control': 'no-store' },
    body: { code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: this request has no user.' },
  }
}
