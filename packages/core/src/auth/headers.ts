import { AgoraConfigError, AgoraValidationError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { text } from '../input/rule.js'
import { userIdText } from '../input/values.js'
import type { BasicCredentials } from '../credentials/basic-credentials.js'
import { headerStyle } from './header-style.js'
import type { TokenHeaderStyle } from './header-style.js'

export const basicCredentialsRules: OptionRules<BasicCredentials> = {
  customerId: text,
  customerSecret: text,
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f]/

/**
 * Builds the `Authorization` header for HTTP Basic (RFC 7617, UTF-8) from a customer ID and secret.
 *
 * Server-side only: the pair can act on every project of the account.
 *
 * @example
 * basicAuthHeaders({ customerId: 'key', customerSecret: 'secret' })
 * // { authorization: 'Basic a2V5OnNlY3JldA==' }
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING` when either value is empty; `ERR_CONFIG_INVALID` for a name that does
 * not exist, or a value that is no text.
 * @throws {AgoraValidationError} `ERR_INVALID_CREDENTIAL` when the customer ID holds a colon, or either value a
 * control character.
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function basicAuthHeaders(credentials: BasicCredentials): { authorization: string } {
  checkOptions('basicAuthHeaders()', credentials, basicCredentialsRules)
  const customerId = requireCredential(credentials.customerId, 'customerId', 'AGORA_CUSTOMER_ID')
  const customerSecret = requireCredential(
    credentials.customerSecret,
    'customerSecret',
    'AGORA_CUSTOMER_SECRET',
  )
  if (customerId.includes(':')) {
    throw new AgoraValidationError(
      'ERR_INVALID_CREDENTIAL',
      'customerId',
      'customerId must not contain ":" (RFC 7617): is it "customerId:customerSecret" in one string? Pass the two parts on their own.',
    )
  }
  return {
    authorization: `Basic ${Buffer.from(`${customerId}:${customerSecret}`, 'utf8').toString('base64')}`,
  }
}

/** Options of {@link tokenAuthHeaders}. */
export interface TokenHeadersOptions {
  /** The token, starting with `007`. */
  readonly token: string
  /** The user the token was made for. Required by the styles `x-agora` and `both`. */
  readonly userId?: string | undefined
  /** Default `authorization`. */
  readonly headerStyle?: TokenHeaderStyle | undefined
}

const tokenHeadersRules: OptionRules<TokenHeadersOptions> = { token: text, userId: userIdText, headerStyle }

/**
 * Builds the headers that carry an AccessToken2.
 *
 * @example
 * tokenAuthHeaders({ token: '007eJx…', userId: 'alice', headerStyle: 'x-agora' })
 * // { 'x-agora-token': '007eJx…', 'x-agora-uid': 'alice' }
 *
 * @throws {AgoraValidationError} `ERR_INVALID_TOKEN` when the token is empty or holds white space, a line break or
 * anything else that cannot stand in a header; `ERR_INVALID_USER_ID` when a style needs a user ID and gets none,
 * or one that cannot stand in a header.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a name that does not exist, or a value of a wrong type.
 * @see https://docs.agora.io/en/signaling/rest-api/restful-authentication
 */
export function tokenAuthHeaders(options: TokenHeadersOptions): Record<string, string> {
  checkOptions('tokenAuthHeaders()', options, tokenHeadersRules)
  const style = options.headerStyle ?? 'authorization'
  const token = requireHeaderToken(options.token)
  switch (style) {
    case 'authorization':
      return { authorization: `agora token=${token}` }
    case 'x-agora':
      return { 'x-agora-token': token, 'x-agora-uid': requireHeaderUserId(options.userId, style) }
    case 'both':
      return {
        authorization: `agora token=${token}`,
        'x-agora-token': token,
        'x-agora-uid': requireHeaderUserId(options.userId, style),
      }
  }
}

/** The token in headers of {@link tokenAuthHeaders}. */
export function tokenIn(headers: Readonly<Record<string, string>>): string {
  return headers['x-agora-token'] ?? headers['authorization']?.slice('agora token='.length) ?? ''
}

function requireCredential(value: unknown, option: string, variable: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      `${option} is missing. Pass it, or set ${variable}: Agora Console → Developer Toolkit → RESTful API → Add a secret.`,
    )
  }
  if (controlCharacter.test(value)) {
    throw new AgoraValidationError(
      'ERR_INVALID_CREDENTIAL',
      option,
      `${option} must not contain control characters: is there a line break at its end?`,
    )
  }
  return value
}

function requireHeaderToken(token: unknown): string {
  if (typeof token !== 'string' || token === '') {
    throw new AgoraValidationError(
      'ERR_INVALID_TOKEN',
      'token',
      'token must be a non-empty string: is the variable it comes from set?',
    )
  }
  // Printable ASCII only: a CR or LF would let whoever supplied the token add headers to our request.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AgoraValidationError(
      'ERR_INVALID_TOKEN',
      'token',
      'token must not contain white space, line breaks or characters outside ASCII: trim what you read it from.',
    )
  }
  return token
}

function requireHeaderUserId(userId: unknown, style: TokenHeaderStyle): string {
  if (typeof userId === 'string' && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(userId)) return userId
  throw new AgoraValidationError(
    'ERR_INVALID_USER_ID',
    'userId',
    `userId must be printable ASCII without surrounding spaces: headerStyle "${style}" sends it as x-agora-uid.`,
  )
}
