import { AgoraTokenError, AgoraValidationError } from '../errors.js'
import { checkAppCertificate, checkAppId, checkNow, checkRecord, describe } from './arguments.js'
import { describeDuration, describeTime, tokenEndSeconds } from './lifetime.js'
import { readToken } from './parse.js'
import type { ParsedAccessToken2 } from './parse.js'
import { checkRequirement, findRequiredService } from './requirement.js'
import type { CheckedRequirement, TokenRequirement } from './requirement.js'
import type { AccessToken2Service } from './service-types.js'
import { isSignedWith } from './signature.js'

/** Options of {@link verifyAccessToken2}. */
export interface VerifyAccessToken2Options {
  /** The App ID the token must be for, byte for byte. */
  readonly appId: string
  /** One app certificate, or several while a project changes from one to the other. */
  readonly appCertificate: string | readonly string[]
  /** Unix time in seconds, with or without a fraction. Default the clock of this machine. */
  readonly nowSeconds?: number | undefined
  /**
   * How far ahead of our clock a time of issue may be, in seconds. Default 300. The end of a token has no such grace.
   */
  readonly clockSkewSeconds?: number | undefined
  /** What the token must be good for. Without it, any signed and living token of the App ID passes. */
  readonly require?: TokenRequirement | undefined
}

/** A token that passed, with what the caller asked for. */
export interface VerifiedAccessToken2 extends ParsedAccessToken2 {
  /** Unix time in seconds from which on the token is dead: at most 24 hours after its issue. */
  readonly expiresAtSeconds: number
  /** The service that met `require`. Absent when nothing was required. */
  readonly service?: AccessToken2Service
  /** Unix time in seconds from which on the privilege required is over. Absent when none was required. */
  readonly privilegeExpiresAtSeconds?: number
}

/**
 * Verifies a token as Agora's servers would, and that it is good for what is required: signature, App ID, time,
 * and then service, subject and privilege.
 *
 * @example
 * const { expiresAtSeconds } = verifyAccessToken2(token, {
 *   appId, appCertificate: [primary, secondary],
 *   require: { type: ServiceType.Rtm, privilege: 1, userId },
 * })
 *
 * @throws {AgoraTokenError} with the code of the first stage that the token fails.
 * @throws {AgoraValidationError} when an option is malformed, also when `require.userId` is there but `undefined`.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function verifyAccessToken2(token: string, options: VerifyAccessToken2Options): VerifiedAccessToken2 {
  const { appId, appCertificates, nowSeconds, clockSkewSeconds, requirement } = checkOptions(options)
  const { parsed, signed } = readToken(token)

  if (!appCertificates.some((appCertificate) => isSignedWith(appCertificate, signed))) {
    throw new AgoraTokenError(
      'ERR_TOKEN_SIGNATURE',
      `The token was not signed with ${appCertificates.length === 1 ? 'the app certificate' : 'any of the app certificates'}, or was changed since. ` +
        'Check that it was made with the certificate of this App ID, in the same letter case.',
    )
  }
  if (parsed.appId !== appId) {
    throw new AgoraTokenError(
      'ERR_TOKEN_APP_ID',
      parsed.appId.toLowerCase() === appId.toLowerCase()
        ? 'The token is for an App ID that differs from appId in letter case only; Agora compares them exactly.'
        : 'The token is for another App ID.',
    )
  }
  const expiresAtSeconds = checkTime(parsed, nowSeconds, clockSkewSeconds)
  const met = requirement === undefined ? undefined : findRequiredService(parsed, requirement, nowSeconds)
  // A spread to which fields are added takes 3 µs in Node 20, a quarter of it all.
  return Object.assign(parsed, { expiresAtSeconds }, met)
}

interface Verification {
  readonly appId: string
  readonly appCertificates: readonly string[]
  readonly nowSeconds: number
  readonly clockSkewSeconds: number
  readonly requirement: CheckedRequirement | undefined
}

function checkOptions(options: VerifyAccessToken2Options): Verification {
  const { appId, appCertificate, nowSeconds, clockSkewSeconds, require } = checkRecord(options, 'options')
  return {
    appId: checkAppId(appId, 'appId'),
    appCertificates: checkAppCertificates(appCertificate),
    nowSeconds: nowSeconds === undefined ? Date.now() / 1000 : checkNow(nowSeconds, 'nowSeconds'),
    clockSkewSeconds: clockSkewSeconds === undefined ? 300 : checkClockSkew(clockSkewSeconds),
    requirement: require === undefined ? undefined : checkRequirement(require),
  }
}

function checkAppCertificates(value: unknown): string[] {
  if (!Array.isArray(value)) return [checkAppCertificate(value, 'appCertificate')]
  if (value.length === 0) {
    throw new AgoraValidationError(
      'ERR_INVALID_APP_CERTIFICATE',
      'appCertificate',
      'appCertificate must hold at least one app certificate, got an empty array.',
    )
  }
  return Array.from(value, (entry: unknown, index) => checkAppCertificate(entry, `appCertificate[${index}]`))
}

function checkClockSkew(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'clockSkewSeconds',
    `clockSkewSeconds must be a number of seconds from 0, got ${describe(value)}.`,
  )
}

function checkTime(token: ParsedAccessToken2, nowSeconds: number, clockSkewSeconds: number): number {
  const { issuedAtSeconds } = token
  if (issuedAtSeconds > nowSeconds + clockSkewSeconds) {
    throw new AgoraTokenError(
      'ERR_TOKEN_NOT_YET_VALID',
      `The token says it was issued ${describeDuration(issuedAtSeconds - nowSeconds)} from now (${describeTime(issuedAtSeconds)}). ` +
        'One of the two clocks is off, or the time of issue was given in milliseconds.',
    )
  }
  const endSeconds = tokenEndSeconds(token)
  if (nowSeconds >= endSeconds) {
    throw new AgoraTokenError(
      'ERR_TOKEN_EXPIRED',
      `The token expired ${describeDuration(nowSeconds - endSeconds)} ago (${describeTime(endSeconds)}). Issue a new one.`,
    )
  }
  return endSeconds
}
