import { toUSVString, types } from 'node:util'
import { AgoraValidationError } from '../errors.js'
import type { AgoraValidationErrorCode } from '../errors.js'

/*
 * Checks of what a caller hands in. Arguments come as `unknown`, for JavaScript callers too must learn which
 * argument is wrong and not which internal line failed. Each check returns the value with its type.
 */

/** Agora cuts longer lifetimes to 24 hours. */
export const maxTtlSeconds = 86_400

// As seconds past the year 5000, as milliseconds in 1973.
const firstMilliseconds = 1e11

const maxUint32 = 0xffff_ffff
const hexId = /^[0-9a-f]{32}$/i

/** Whether a text has the form of an App ID or app certificate. */
export function isHexId(value: unknown): value is string {
  return typeof value === 'string' && hexId.test(value)
}

/** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` */
export function checkRecord(value: unknown, argument: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be an object, got ${describe(value)}.`,
  )
}

/** Whether a value is an object to read properties of. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws {AgoraValidationError} `ERR_INVALID_APP_ID` */
export function checkAppId(value: unknown, argument: string): string {
  if (isHexId(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_APP_ID',
    argument,
    `${argument} must be the 32 hexadecimal characters of the App ID, got ${describeHidden(value)}. ` +
      'Copy it from the Agora Console, Project Management; environment variable AGORA_APP_ID.',
  )
}

/** @throws {AgoraValidationError} `ERR_INVALID_APP_CERTIFICATE`, never with the value. */
export function checkAppCertificate(value: unknown, argument: string): string {
  if (isHexId(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_APP_CERTIFICATE',
    argument,
    `${argument} must be the 32 hexadecimal characters of the app certificate, got ${describeHidden(value)}. ` +
      'Copy the primary certificate from the Agora Console, Project Management, Edit; environment variable AGORA_APP_CERTIFICATE.',
  )
}

/** @throws {AgoraValidationError} `ERR_INVALID_TTL` */
export function checkTtl(value: unknown, argument: string, min: 0 | 1): number {
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

/** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` */
export function checkIssuedAt(value: unknown, argument: string): number {
  if (isIntegerWithin(value, 0, maxUint32)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a Unix time in whole seconds, got ${
      looksLikeMilliseconds(value) ? 'what looks like milliseconds' : describe(value)
    }. Use Math.floor(Date.now() / 1000), or leave it out for now.`,
  )
}

/** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` */
export function checkSalt(value: unknown, argument: string): number {
  if (isIntegerWithin(value, 0, maxUint32)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a whole number from 0 to ${maxUint32}, got ${describe(value)}. Leave it out for a random one.`,
  )
}

/** Whether a value is a Unix time in seconds, with a fraction or without. */
export function isUnixSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < firstMilliseconds
}

/** @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` */
export function checkNow(value: unknown, argument: string): number {
  if (isUnixSeconds(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a Unix time in seconds, got ${
      looksLikeMilliseconds(value) ? 'what looks like milliseconds' : describe(value)
    }. Use Date.now() / 1000, or leave it out for now.`,
  )
}

/** The rules for one text: which error, and how long it may be. */
export interface TextRule {
  readonly code: AgoraValidationErrorCode
  readonly minBytes: 0 | 1
  readonly maxBytes: number
}

/** Text that survives the way through UTF-8 unchanged and fits. */
export function checkText(value: unknown, argument: string, rule: TextRule): string {
  const problem = textProblem(value, rule)
  if (problem === undefined && typeof value === 'string') return value
  throw new AgoraValidationError(rule.code, argument, `${argument} ${problem}.`)
}

function textProblem(value: unknown, { minBytes, maxBytes }: TextRule): string | undefined {
  if (typeof value === 'number') return 'must be a string, got a number: convert it with String(…)'
  if (typeof value !== 'string') return `must be a string, got ${describe(value)}`
  const bytes = Buffer.byteLength(value)
  if (bytes < minBytes) return 'must not be empty'
  if (bytes > maxBytes) return `must have at most ${maxBytes} bytes in UTF-8, got ${bytes}`
  // Half of a surrogate pair has no UTF-8 form: it would reach Agora as U+FFFD, and two such IDs would be one user.
  if (bytes !== value.length && toUSVString(value) !== value) {
    return 'must be well-formed Unicode, but holds half of a surrogate pair'
  }
  return undefined
}

/** Whether a value is a whole number within both bounds. */
export function isIntegerWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

/** Unix seconds from September 2001 on, or milliseconds: no lifetime is that long. */
export function looksLikePointInTime(value: unknown): boolean {
  return value instanceof Date || isFiniteFrom(1e9, value)
}

function looksLikeMilliseconds(value: unknown): boolean {
  return isFiniteFrom(firstMilliseconds, value)
}

function isFiniteFrom(min: number, value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= min
}

/** What was handed in, in words: numbers as they are, of anything else the kind alone. */
export function describe(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (value === undefined || value === null) return String(value)
  // Array.isArray throws on a revoked Proxy.
  if (!types.isProxy(value) && Array.isArray(value)) return 'an array'
  if (value === '') return 'an empty string'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The same for values that may be secret: at most their length. */
function describeHidden(value: unknown): string {
  if (typeof value === 'number') return 'a number'
  if (typeof value !== 'string' || value === '') return describe(value)
  if (value.length !== 32)
    return `${value.length} characters${value === value.trim() ? '' : ', some of them white space at the ends'}`
  return '32 characters of which some are not hexadecimal'
}
