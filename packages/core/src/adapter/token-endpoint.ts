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
  /** Finds the user of the token. Default: the user that `agoraSignaling({ userId })` found. Without a user the answer is 401. */
  readonly userId?: UserIdOfRequest<HostRequest> | undefined
  /** Lifetime in seconds, 1 to 86,400. Default 3,600. */
  readonly ttlSeconds?: PerRequest<HostRequest, number> | undefined
  /** The methods that the route answers. Any other gets 405. Default `['GET', 'POST']`. `GET` includes HEAD. */
  readonly methods?: readonly ('GET' | 'POST')[] | undefined
}

/** A request of the token route, in terms that know no framework. */
export interface TokenRequest<HostRequest> {
  readonly method: string
  /** The request or context of the framework: the callbacks get it. */
  readonly hostRequest: HostRequest
  /** The client that `agoraSignaling()` attached to the request. */
  readonly client: SignalingClient
}

/**
 * A rule for each option of `tokenRoute()`. An adapter that adds options of its own spreads it into its own table.
 *
 * @example
 * checkOptions('tokenRoute()', options, { ...tokenRouteRules, path: text })
 */
export const tokenRouteRules: OptionRules<TokenRouteOptions<never>> = {
  userId: aFunction('a function that finds the user of a request in your own session'),
  ttlSeconds: either(wholeLifetimeInSeconds, aFunction('a function that finds it for each request')),
  methods: listOf('a list of methods, GET or POST or both', oneOf(['GET', 'POST'])),
}

/**
 * Makes the half of `tokenRoute()` that knows no framework. It answers with a token, with 401 where the request has no user,
 * and with 405 to other methods. It rejects with the error of a callback or of the client.
 *
 * @param owner What the options are for, as the user wrote it. It appears in errors.
 *
 * @example
 * const endpoint = createTokenEndpoint<Request>(options)
 * writeAnswer(res, await endpoint({ method: req.method, hostRequest: req, client: getAgora(req) }))
 *
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
 * Stops the start when nothing finds the users of a token route. It is for an adapter that knows at start-up which
 * `agoraSignaling()` a token route belongs to.
 *
 * @param owner The route, as the user wrote it. It appears in the error.
 *
 * @example
 * requireSomeoneToAsk('tokenRoute()', tokenRouteOptions, context)
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when neither `tokenRoute()` nor `agoraSignaling()` has a `userId` function.
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
