import { account } from '../access-token/services/field.js'
import { AgoraValidationError } from '../errors.js'
import { describe } from '../input/describe.js'
import { isIntegerWithin } from '../input/integer.js'
import { requireText } from '../input/text.js'
import type { TextRule } from '../input/text.js'
import { looksLikePointInTime, maxTtlSeconds, requireTtlSeconds } from '../input/times.js'

/*
 * Which arguments the builders take. `agora-token` converts whatever it gets; decision 027 lists what is taken as it
 * takes it, and what is refused.
 */

const decimalText = /^\s*\d+(?:\.\d+)?\s*$/

/** A number, also as text: environment variables and query strings hold text. */
function numberFrom(value: unknown): unknown {
  return typeof value === 'string' && decimalText.test(value) ? Number(value) : value
}

/**
 * The lifetime of a token. More than 24 hours becomes 24 hours, since Agora ends the token then.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_TTL`
 */
export function requireExpire(value: unknown, argument: string): number {
  return requireLifetime(value, argument, 1)
}

/**
 * The lifetime of a privilege. One that is left out lives as long as the token.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_TTL`
 */
export function requirePrivilegeExpire(value: unknown, argument: string): number {
  return value === undefined || value === null ? 0 : requireLifetime(value, argument, 0)
}

function requireLifetime(value: unknown, argument: string, min: 0 | 1): number {
  const given = numberFrom(value)
  if (typeof given !== 'number' || !Number.isFinite(given) || given < 0 || looksLikePointInTime(given)) {
    return requireTtlSeconds(given, argument, min)
  }
  return requireTtlSeconds(Math.min(Math.floor(given), maxTtlSeconds), argument, min)
}

/**
 * A whole number for a field of the token.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`
 */
export function requireWholeNumber(value: unknown, argument: string, min: number, max: number): number {
  const given = numberFrom(value)
  if (isIntegerWithin(given, min, max)) return given
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a whole number from ${min} to ${max}, got ${describe(value)}.`,
  )
}

/**
 * The user of an RTC channel: a uid, or an account as text. 0 and the empty text mean any user.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`
 */
export function requireRtcUser(value: unknown, argument: string): string {
  // Database drivers give bigints. 0n is not taken for any user: `agora-token` writes it as the account "0".
  return account.check(typeof value === 'bigint' && value > 0n ? Number(value) : value, argument, {})
}

/**
 * A user ID that is text in the token. A number becomes its decimal text.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`
 */
export function requireUser(value: unknown, argument: string, rule: TextRule): string {
  if (typeof value !== 'number' && typeof value !== 'bigint') return requireText(value, argument, rule)
  if (value === 0 && rule.minBytes === 0) return ''
  if (value > 0 && (typeof value === 'bigint' || Number.isSafeInteger(value))) {
    return requireText(String(value), argument, rule)
  }
  throw new AgoraValidationError(
    'ERR_INVALID_USER_ID',
    argument,
    `${argument} as a number must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, got ${String(value)}. ` +
      'The number 0 would make a token for nobody: pass the ID of the user, as text if it is not such a number.',
  )
}
