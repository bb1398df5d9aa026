import { AgoraTokenError, AgoraValidationError, isTokenError } from '../errors.js'
import type { AgoraTokenErrorCode } from '../errors.js'
import { requireHexAppCertificate, requireHexAppId } from '../input/app-id.js'
import { describe } from '../input/describe.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import { requireUnixSeconds } from '../input/times.js'
import { defaultClockSkewSeconds, isFailure } from './check.js'
import type { CheckOutcome, Expectations, TokenCheckName } from './check.js'
import { checks } from './checks.js'
import { tokenEndSeconds } from './lifetime.js'
import { readToken } from './parse.js'
import type { ParsedAccessToken2, ReadToken } from './parse.js'
import { checkRequirement, meetRequirement } from './requirement.js'
import type { TokenRequirement } from './requirement.js'
import type { AccessToken2Service } from './services/service-type.js'

/** Options of {@link verifyAccessToken2}. */
export interface VerifyAccessToken2Options {
  /** The App ID the token must be for, byte for byte. */
  readonly appId: string
  /** One app certificate, or several while a project changes from one to the other. */
  readonly appCertificate: string | readonly string[]
  /** Unix time in seconds, with or without a fraction. Default the clock of this machine. */
  readonly nowSeconds?: number | undefined
  /**
   * How far ahead of our clock a time of issue may be, in seconds. Default 300. The end of a token gets no such grace.
   */
  readonly clockSkewSeconds?: number | undefined
  /** What the token must be good for. Without it, any signed token of the App ID passes until it expires. */
  readonly require?: TokenRequirement | undefined
}

/** A token that passed, with what the caller asked for. */
export interface VerifiedAccessToken2 extends ParsedAccessToken2 {
  /** Unix time in seconds from which on the token is expired: at most 24 hours after its issue. */
  readonly expiresAtSeconds: number
  /** The service that met `require`. Absent when nothing was required. */
  readonly service?: AccessToken2Service
  /** Unix time in seconds from which on the privilege required is over. Absent when none was required. */
  readonly privilegeExpiresAtSeconds?: number
}

/**
 * Verifies a token as Agora's servers would, and that it is good for what is required. The checks and their order:
 * signature, App ID, times, then service, subject and privilege.
 *
 * @example
 * const { expiresAtSeconds } = verifyAccessToken2(token, {
 *   appId, appCertificate: [primary, secondary],
 *   require: { type: ServiceType.Rtm, privilege: 1, userId },
 * })
 *
 * @throws {AgoraTokenError} with the code of the first check that the token fails.
 * @throws {AgoraValidationError} when an option is malformed, also when `require.userId` is there but `undefined`.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function verifyAccessToken2(token: string, options: VerifyAccessToken2Options): VerifiedAccessToken2 {
  const expected = requireExpectations('verifyAccessToken2()', options)
  const read = readToken(token)
  for (const check of checks) {
    const outcome = check.run(read, expected)
    if (isFailure(outcome)) throw new AgoraTokenError(outcome.code, outcome.message)
  }
  const { parsed } = read
  const met = expected.required && meetRequirement(parsed, expected.required, expected.nowSeconds)
  // The parsed token is ours alone, so it may grow. Spreading it into a new object takes 3 µs or more in Node 20, half of
  // the time of all that is done here (docs/benchmarks.md, verify-token).
  return Object.assign(parsed, { expiresAtSeconds: tokenEndSeconds(parsed) }, met)
}

/** How one check of a token ended. */
export interface TokenCheckResult {
  readonly check: TokenCheckName
  /** `skipped`: not asked for, or there was nothing to check. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Both are there when the check failed. The first of a list is what {@link verifyAccessToken2} throws. */
  readonly code?: AgoraTokenErrorCode
  readonly message?: string
}

/**
 * Every check of {@link verifyAccessToken2} in its order, each with its result, for a page that shows them.
 *
 * @throws {AgoraValidationError} when an option is malformed. Never throws for the token.
 */
export function listTokenChecks(
  token: unknown,
  options: VerifyAccessToken2Options,
): readonly TokenCheckResult[] {
  const expected = requireExpectations('listTokenChecks()', options)
  let read: ReadToken | undefined
  let reading: TokenCheckResult = { check: 'reading', outcome: 'passed' }
  try {
    read = readToken(token)
  } catch (error) {
    if (!isTokenError(error)) throw error
    reading = { check: 'reading', outcome: 'failed', code: error.code, message: error.message }
  }
  const others = checks.map(({ name, run }) =>
    describeOutcome(name, read === undefined ? 'skipped' : run(read, expected)),
  )
  return [reading, ...others]
}

function describeOutcome(check: TokenCheckName, outcome: CheckOutcome): TokenCheckResult {
  if (!isFailure(outcome)) return { check, outcome }
  return { check, outcome: 'failed', code: outcome.code, message: outcome.message }
}

// The values are checked one by one, each with a code of its own.
const optionRules: OptionRules<VerifyAccessToken2Options> = {
  appId: checkedByItsOwner,
  appCertificate: checkedByItsOwner,
  nowSeconds: checkedByItsOwner,
  clockSkewSeconds: checkedByItsOwner,
  require: checkedByItsOwner,
}

function requireExpectations(owner: string, options: VerifyAccessToken2Options): Expectations {
  checkOptions(owner, options, optionRules)
  const { appId, appCertificate, nowSeconds, clockSkewSeconds, require } = options
  return {
    appId: requireHexAppId(appId, 'appId'),
    appCertificates: requireAppCertificates(appCertificate),
    nowSeconds: nowSeconds === undefined ? Date.now() / 1000 : requireUnixSeconds(nowSeconds, 'nowSeconds'),
    clockSkewSeconds:
      clockSkewSeconds === undefined ? defaultClockSkewSeconds : requireClockSkew(clockSkewSeconds),
    required: require === undefined ? undefined : checkRequirement(require),
  }
}

function requireAppCertificates(value: unknown): string[] {
  if (!Array.isArray(value)) return [requireHexAppCertificate(value, 'appCertificate')]
  if (value.length === 0) {
    throw new AgoraValidationError(
      'ERR_INVALID_APP_CERTIFICATE',
      'appCertificate',
      'appCertificate must hold at least one app certificate, got an empty array.',
    )
  }
  return Array.from(value, (entry: unknown, index) =>
    requireHexAppCertificate(entry, `appCertificate[${index}]`),
  )
}

function requireClockSkew(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'clockSkewSeconds',
    `clockSkewSeconds must be a number of seconds from 0, got ${describe(value)}.`,
  )
}
