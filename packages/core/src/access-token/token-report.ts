import type { ParsedAccessToken2 } from './parse.js'

/** What {@link inspectToken} can find. */
export type TokenFindingCode =
  // The value is not a token.
  | 'TOKEN_MISSING'
  | 'TOKEN_EMPTY'
  | 'TOKEN_NOT_TEXT'
  | 'TOKEN_PLACEHOLDER'
  | 'APP_ID_OR_CERTIFICATE'
  | 'JSON_WEB_TOKEN'
  | 'RESPONSE_BODY'
  | 'BASIC_CREDENTIALS'
  | 'LEGACY_ACCESS_TOKEN'
  | 'LEGACY_SIGNALING_TOKEN'
  | 'UNKNOWN_FORMAT'
  // The value contains a token that was changed on its way.
  | 'LINE_BREAK'
  | 'WHITE_SPACE'
  | 'QUOTED'
  | 'AUTHORIZATION_SCHEME'
  | 'PERCENT_ENCODED'
  | 'SPACES_FOR_PLUS'
  | 'URL_SAFE_BASE64'
  | 'PADDING_MISSING'
  | 'PREFIX_MISSING'
  | 'PREFIX_TWICE'
  | 'TOO_LONG'
  | 'TRUNCATED'
  | 'DAMAGED'
  | 'MALFORMED'
  // What the token says.
  | 'APP_ID_MISMATCH'
  | 'APP_ID_MALFORMED'
  | 'APP_ID_UNCHECKED'
  | 'SIGNATURE_MISMATCH'
  | 'SIGNATURE_UNCHECKED'
  | 'CERTIFICATE_MALFORMED'
  | 'EXPIRED'
  | 'EXPIRES_SOON'
  | 'ISSUED_IN_FUTURE'
  | 'CLOCK_AHEAD'
  | 'TTL_ZERO'
  | 'TTL_TOO_LONG'
  | 'TTL_LOOKS_LIKE_TIME'
  | 'RTM_SERVICE_MISSING'
  | 'UNKNOWN_SERVICE'
  | 'LOGIN_PRIVILEGE_MISSING'
  | 'LOGIN_PRIVILEGE_EXPIRED'
  | 'USER_ID_AMBIGUOUS'
  | 'USER_ID_EMPTY'
  | 'USER_ID_PLACEHOLDER'
  | 'USER_ID_WHITE_SPACE'
  | 'USER_ID_TOO_LONG'
  | 'USER_ID_MISMATCH'
  | 'CHANNEL_MISMATCH'
  | 'USER_ID_NOT_TEXT'
  | 'USER_ID_UNCHECKED'
  | 'OPTION_IGNORED'

/**
 * `error`: a Signaling call with the token as it is will be refused. `warning`: it may be refused, now or soon.
 * `info`: what was not checked, and why.
 */
export type TokenFindingSeverity = 'error' | 'warning' | 'info'

/** One thing worth knowing about a token. */
export interface TokenFinding {
  readonly code: TokenFindingCode
  readonly severity: TokenFindingSeverity
  /** What is the matter and what to change. Never holds the token, the certificate or a signature. */
  readonly message: string
}

/** What an inspection of a token found. */
export interface TokenReport {
  /** Whether a Signaling call with this token would be accepted, as far as can be told from here. */
  readonly ok: boolean
  /** The verdict in words. The first reason follows a no, every warning follows a yes. */
  readonly summary: string
  /** Every finding, not only the first. */
  readonly findings: readonly TokenFinding[]
  /**
   * The content of the token, if it could be read. What the findings name is removed first, such as white space or an
   * Authorization scheme.
   */
  readonly token?: ParsedAccessToken2
}

/** Collects findings in the order in which they are made, each code once. */
export class Findings {
  readonly #findings: TokenFinding[] = []

  get all(): readonly TokenFinding[] {
    return this.#findings
  }

  error(code: TokenFindingCode, message: string): void {
    this.#add({ code, severity: 'error', message })
  }

  warning(code: TokenFindingCode, message: string): void {
    this.#add({ code, severity: 'warning', message })
  }

  info(code: TokenFindingCode, message: string): void {
    this.#add({ code, severity: 'info', message })
  }

  #add(finding: TokenFinding): void {
    if (!this.#findings.some(({ code }) => code === finding.code)) this.#findings.push(finding)
  }
}
