import { buildSignalingToken } from '../access-token/build.js'
import { requireUserId } from '../input/identifiers.js'
import { AgoraValidationError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { aNumber } from '../input/rule.js'
import { appCertificateText, appIdText, lifetimeInSeconds, userIdText } from '../input/values.js'
import { machineClock } from './agora-clock.js'
import { tokenAuthHeaders, tokenIn } from './headers.js'
import { headerStyle as headerStyleRule } from './header-style.js'
import type { TokenHeaderStyle } from './header-style.js'
import type { AuthStrategy, Authorization } from './strategy.js'
import { renewalMarginSeconds, TokenCache } from './token-cache.js'
import type { PassingAuthorization } from './token-cache.js'

/** Options of {@link accessToken2Auth}. */
export interface AccessToken2AuthOptions {
  /** App ID: 32 hexadecimal characters. */
  readonly appId: string
  /** The primary app certificate; the secondary one is not accepted by the REST API. Server-side only. */
  readonly appCertificate: string
  /** The user to act for when a call names none. */
  readonly userId: string
  /** Lifetime of a minted token in seconds, 1 to 86,400. Default 3,600. */
  readonly ttlSeconds?: number | undefined
  /** Default `authorization`. */
  readonly headerStyle?: TokenHeaderStyle | undefined
  /** How many users' tokens are kept at most. Default 10,000, about 5 MB. */
  readonly maxCachedTokens?: number | undefined
}

const accessToken2AuthRules: OptionRules<AccessToken2AuthOptions> = {
  appId: appIdText,
  appCertificate: appCertificateText,
  userId: userIdText,
  ttlSeconds: lifetimeInSeconds,
  headerStyle: headerStyleRule,
  maxCachedTokens: aNumber('a number of tokens'),
}

/**
 * Authenticates with tokens that it makes itself. It keeps one for each sender until shortly before the token ends.
 *
 * @example
 * createSignalingClient({ appId, auth: accessToken2Auth({ appId, appCertificate, userId: 'server' }) })
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that does not exist, or a value of a wrong type.
 * @throws {AgoraValidationError} naming the option that is malformed.
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function accessToken2Auth(options: AccessToken2AuthOptions): AuthStrategy {
  checkOptions('accessToken2Auth()', options, accessToken2AuthRules)
  const { appId, appCertificate, headerStyle } = options
  const ttlSeconds = options.ttlSeconds ?? 3600
  const defaultUserId = requireUserId(options.userId, 'userId')
  const usableSeconds = ttlSeconds - renewalMarginSeconds(ttlSeconds)
  const cache = new TokenCache(requireCacheSize(options.maxCachedTokens))

  const mint = (userId: string, nowMs: number): PassingAuthorization => {
    const issuedAtSeconds = Math.floor(nowMs / 1000)
    const token = buildSignalingToken({ appId, appCertificate, userId, ttlSeconds, issuedAtSeconds })
    const headers = tokenAuthHeaders({ token, userId, headerStyle })
    return new MintedToken(userId, headers, (issuedAtSeconds + usableSeconds) * 1000)
  }

  // Malformed options fail here, when the client is made, and not at the first call. The token is not kept: the
  // client that asks for one may have another clock.
  mint(defaultUserId, machineClock.nowMs())

  return {
    kind: 'access-token2',
    userId: defaultUserId,
    canActFor: () => true,
    authorize: (userId = defaultUserId, clock = machineClock) => {
      const nowMs = clock.nowMs()
      const cached = cache.get(userId, nowMs)
      if (cached !== undefined) return cached
      const minted = mint(userId, nowMs)
      cache.set(userId, minted)
      return minted
    },
    renew: (userId = defaultUserId, refused) => {
      cache.drop(userId, refused)
      return true
    },
  }
}

/** There may be one for each of thousands of users, so it holds as little as possible. */
class MintedToken implements PassingAuthorization {
  readonly usableUntilMs: number
  readonly #userId: string
  readonly #headers: Authorization['headers']

  constructor(userId: string, headers: Authorization['headers'], usableUntilMs: number) {
    this.#userId = userId
    this.#headers = headers
    this.usableUntilMs = usableUntilMs
  }

  get headers(): Authorization['headers'] {
    return this.#headers
  }

  get secrets(): readonly string[] {
    return [tokenIn(this.#headers)]
  }

  explainRefusal(): string {
    return (
      `Agora does not accept a token minted here for user "${this.#userId}". Check that the app certificate is the primary one of this App ID ` +
      '(Agora Console → Project Management → the project → Edit; the secondary does not work for REST), that Signaling is enabled for ' +
      'the project, that App ID and app certificate are not swapped, and that the clock of this machine is right. Some accounts accept HTTP Basic only: try a customer ID and secret.'
    )
  }
}

function requireCacheSize(maxCachedTokens: unknown = 10_000): number {
  if (typeof maxCachedTokens === 'number' && Number.isInteger(maxCachedTokens) && maxCachedTokens > 0) {
    return maxCachedTokens
  }
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'maxCachedTokens',
    'maxCachedTokens must be a whole number of tokens, 1 or more.',
  )
}
