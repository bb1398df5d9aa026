import type { SignalingClient } from '../client/client.js'
import { AgoraConfigError } from '../errors.js'
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

const maxTtlSeconds = 86_400

/**
 * Makes the host-neutral half of `tokenRoute()`.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when `ttlSeconds` is neither a function nor a whole number in range,
 * `userId` is no function, or no method is named.
 */
export function createTokenEndpoint<HostRequest>(
  options: TokenRouteOptions<HostRequest>,
): (request: TokenRequest<HostRequest>) => Promise<HttpAnswer> {
  const { userId: userOf, ttlSeconds = 3600, methods = ['GET', 'POST'] } = options
  if (userOf !== undefined && typeof userOf !== 'function') {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      'userId of tokenRoute must be a function that finds the user of a request in your own session.',
    )
  }
  if (
    typeof ttlSeconds !== 'function' &&
    !(Number.isInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= maxTtlSeconds)
  ) {
    throw new AgoraConfigError(
      'ERR_CONFIG_INVALID',
      `ttlSeconds must be a whole number of seconds from 1 to ${maxTtlSeconds}.`,
    )
  }
  if (methods.length === 0)
    throw new AgoraConfigError('ERR_CONFIG_INVALID', 'methods must name GET, POST or both.')
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))

  const user = userOf && { option: 'userId', find: userOf }
  const lifetime = typeof ttlSeconds === 'number' ? ttlSeconds : { option: 'ttlSeconds', find: ttlSeconds }

  return async ({ method, hostRequest, client }) => {
    if (!allowed.includes(method)) return methodNotAllowed(allowed)
    const userId = user === undefined ? client.requestUserId : await ask(user, hostRequest)
    if (userId === undefined || userId === null || userId === '') return identityMissing()
    const seconds = typeof lifetime === 'number' ? lifetime : await ask(lifetime, hostRequest)
    const issued = client.issueTokenFor(userId, seconds)
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: { ...issued, expiresAt: issued.expiresAt.toISOString() },
    }
  }
}

function identityMissing(): HttpAnswer {
  return {
    status: 401,
    headers: { 'cache-control': 'no-store' },
    body: { code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: this request has no user.' },
  }
}
