import { inspectToken } from '../access-token/inspect.js'
import { tokenEndSeconds } from '../access-token/lifetime.js'
import { parseAccessToken2 } from '../access-token/parse.js'
import { requireUserId } from '../input/identifiers.js'
import { concealSecrets } from '../concealment.js'
import { isTokenError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { aFunction, either, text } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { userIdText } from '../input/values.js'
import { machineClock } from './agora-clock.js'
import type { Clock } from './agora-clock.js'
import { tokenAuthHeaders } from './headers.js'
import { headerStyle as headerStyleRule } from './header-style.js'
import type { TokenHeaderStyle } from './header-style.js'
import type { AuthStrategy, Authorization, RefusedClient } from './strategy.js'
import { renewalMarginSeconds } from './token-cache.js'

/** Options of {@link tokenAuth}. */
export interface TokenAuthOptions {
  /**
   * A token, or a function that fetches one. The function is called again shortly before the token ends, and once
   * after Agora refused the token. Calls at the same time share one answer. If no answer has come after 30 seconds, the
   * client gives up, and the next call asks again.
   */
  readonly token: string | (() => string | Promise<string>)
  /** The user the token was made for: the only user the client can act for. */
  readonly userId: string
  /** Default `authorization`. */
  readonly headerStyle?: TokenHeaderStyle | undefined
}

/** A token, or where one comes from. */
export const tokenSource: Rule<TokenAuthOptions['token']> = either(
  { ...text, expected: 'a token as text' },
  aFunction<() => string | Promise<string>>('a function that fetches one'),
)

const tokenAuthRules: OptionRules<TokenAuthOptions> = {
  token: tokenSource,
  userId: userIdText,
  headerStyle: headerStyleRule,
}

/**
 * Authenticates with a token made elsewhere, for a back end that does not hold the app certificate.
 *
 * @example
 * createSignalingClient({ appId, auth: tokenAuth({ token: () => fetchTokenFromOurTokenService(), userId: 'server' }) })
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that does not exist, or a value of a wrong type.
 * @throws {AgoraValidationError} `ERR_INVALID_TOKEN` or `ERR_INVALID_USER_ID`.
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function tokenAuth(options: TokenAuthOptions): AuthStrategy {
  checkOptions('tokenAuth()', options, tokenAuthRules)
  const { token, headerStyle } = options
  const userId = requireUserId(options.userId, 'userId')

  const wrap = (fetched: string): Authorization => {
    const given: Authorization = {
      headers: tokenAuthHeaders({ token: fetched, userId, headerStyle }),
      secrets: [fetched],
      explainRefusal: (refused) => explainRefusal(fetched, userId, refused),
    }
    return concealSecrets(given, ['headers', 'secrets'])
  }

  const source = typeof token === 'function' ? new FetchedToken(token, wrap) : new FixedToken(wrap(token))
  return {
    kind: 'token',
    userId,
    canActFor: (other) => other === userId,
    authorize: (_userId, clock = machineClock) => source.current(clock),
    renew: (_userId, refused) => source.drop(refused),
  }
}

/** Only a client knows whose App ID the token should be for. */
function explainRefusal(token: string, userId: string, refused: RefusedClient | undefined): string {
  const nowSeconds = (refused?.clock ?? machineClock).nowMs() / 1000
  const report = inspectToken(token, { appId: refused?.appId, userId, nowSeconds })
  const verdict = report.ok
    ? `Agora does not accept the token supplied for user "${userId}", though it looks sound from here. Check that it was made with the ` +
      'primary app certificate of this App ID and that Signaling is enabled for the project.'
    : `The token supplied for user "${userId}" is not good for Signaling: ${report.summary}`
  const warnings = report.findings.filter(
    ({ severity, message }) => severity === 'warning' && !verdict.includes(message),
  )
  return [verdict, ...warnings.map(({ message }) => message)].join(' ')
}

class FixedToken {
  readonly #authorization: Authorization

  constructor(authorization: Authorization) {
    this.#authorization = authorization
  }

  current(): Authorization {
    return this.#authorization
  }

  drop(): boolean {
    return false
  }
}

/** The function was asked for a token and has not answered. */
interface Inquiry {
  readonly answer: Promise<Authorization>
  readonly askedAtMs: number
}

class FetchedToken {
  readonly #fetch: () => string | Promise<string>
  readonly #wrap: (token: string) => Authorization
  #authorization: Authorization | undefined
  #usableUntilMs = 0
  #underWay: Inquiry | undefined

  constructor(fetch: () => string | Promise<string>, wrap: (token: string) => Authorization) {
    this.#fetch = fetch
    this.#wrap = wrap
  }

  current(clock: Clock): Authorization | Promise<Authorization> {
    const nowMs = clock.nowMs()
    if (this.#authorization !== undefined && nowMs < this.#usableUntilMs) return this.#authorization
    if (this.#underWay === undefined || isOverdue(this.#underWay, nowMs)) this.#underWay = this.#ask(nowMs)
    return this.#underWay.answer
  }

  drop(refused: Authorization): boolean {
    if (this.#authorization === refused) this.#authorization = undefined
    return true
  }

  #ask(askedAtMs: number): Inquiry {
    const answer = this.#renew().finally(() => {
      if (this.#underWay === asked) this.#underWay = undefined
    })
    const asked: Inquiry = { answer, askedAtMs }
    return asked
  }

  async #renew(): Promise<Authorization> {
    const token = await this.#fetch()
    const authorization = this.#wrap(token)
    this.#authorization = authorization
    this.#usableUntilMs = usableUntilMs(token)
    return authorization
  }
}

/** One lost request must not stop the client for ever. It would, if all later calls waited for it. */
const patienceMs = 30_000

/** A clock that was set back does not prolong the wait. */
function isOverdue({ askedAtMs }: Inquiry, nowMs: number): boolean {
  return nowMs < askedAtMs || nowMs >= askedAtMs + patienceMs
}

/** Until when a token may be used without asking for another; a token that we cannot read is valid for one use. */
function usableUntilMs(token: string): number {
  try {
    const lifetime = parseAccessToken2(token)
    return (tokenEndSeconds(lifetime) - renewalMarginSeconds(lifetime.ttlSeconds)) * 1000
  } catch (error) {
    if (isTokenError(error)) return 0
    throw error
  }
}
