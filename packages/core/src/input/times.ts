import { AgoraValidationError } from '../errors.js'
import { describe } from './describe.js'
import { isIntegerWithin, isUint32 } from './integer.js'

/** The longest life of a token in seconds. Agora cuts longer ones to 24 hours. */
export const maxTtlSeconds = 86_400

// As seconds, this is past the year 5000. As milliseconds, it is in 1973.
const firstMilliseconds = 1e11

/**
 * A lifetime in seconds.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_TTL`
 */
export function requireTtlSeconds(value: unknown, argument: string, min: 0 | 1): number {
  if (isIntegerWithin(value, min, maxTtlSeconds)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_TTL',
    argument,
    looksLikePointInTime(value)
      ? `${argument} is a duration from now, got what looks like a point in time${looksLikeMilliseconds(value) ? ' in milliseconds' : ''}. ` +
          `Pass the number of seconds to live, ${min} to ${maxTtlSeconds}.`
      : `${argument} must be a whole number of seconds from ${min} to ${maxTtlSeconds} (24 hours), got ${describe(value)}.`,
  )
}

/**
 * A Unix time as a token holds it: whole seconds in 32 bits.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`
 */
export function requireIssueTime(value: unknown, argument: string): number {
  if (isUint32(value)) return value
  throw wrongTime(value, argument, 'whole seconds', 'Math.floor(Date.now() / 1000)')
}

/**
 * A Unix time in seconds, with a fraction or without.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT`
 */
export function requireUnixSeconds(value: unknown, argument: string): number {
  if (isUnixSeconds(value)) return value
  throw wrongTime(value, argument, 'seconds', 'Date.now() / 1000')
}

/** Whether a value is a Unix time in seconds, with a fraction or without. */
export function isUnixSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < firstMilliseconds
}

/** Whether a value is a date, or Unix seconds from September 2001 on, or milliseconds. No lifetime is that long. */
export function looksLikePointInTime(value: unknown): boolean {
  return value instanceof Date || isFiniteFrom(1e9, value)
}

function wrongTime(value: unknown, argument: string, unit: string, howToGetIt: string): AgoraValidationError {
  const got = looksLikeMilliseconds(value) ? 'what looks like milliseconds' : describe(value)
  return new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a Unix time in ${unit}, got ${got}. Use ${howToGetIt}, or leave it out for now.`,
  )
}

function looksLikeMilliseconds(value: unknown): boolean {
  return isFiniteFrom(firstMilliseconds, value)
}

function isFiniteFrom(min: number, value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min
}

/** The longest timer Node keeps; a longer one would fire at once. */
const maxTimeoutMs = 2 ** 31 - 1

/** What a time limit has to be, in words that follow its name. */
export const timeoutRule: string = `must be a number of milliseconds above 0 and up to ${maxTimeoutMs}`

export function isTimeoutMs(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= maxTimeoutMs
}
