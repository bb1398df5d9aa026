import { AgoraValidationError } from '../errors.js'
import { describeHidden } from './describe.js'

const hexId = /^[0-9a-f]{32}$/i

/** Whether a text has the form that App IDs and app certificates share: 32 hexadecimal characters. */
export function isHexId(value: unknown): value is string {
  return typeof value === 'string' && hexId.test(value)
}

/** Where both values stand in Agora Console. */
export const appIdPlace = 'Agora Console → Project Management → the project → App ID'
export const appCertificatePlace =
  'Agora Console → Project Management → the project → Edit → Primary certificate'

/**
 * @param argument The name that the caller gave the value: `appId`.
 * @throws {AgoraValidationError} `ERR_INVALID_APP_ID`. It never holds the value: App ID and certificate get swapped.
 */
export function requireHexAppId(value: unknown, argument: string): string {
  if (isHexId(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_APP_ID',
    argument,
    `The App ID (${argument}, AGORA_APP_ID) must be 32 hexadecimal characters, got ${whatIsWrong(value)}. Copy it from ${appIdPlace}.`,
  )
}

/**
 * @param argument The name that the caller gave the value: `appCertificate[1]`.
 * @throws {AgoraValidationError} `ERR_INVALID_APP_CERTIFICATE`. It never holds the value.
 */
export function requireHexAppCertificate(value: unknown, argument: string): string {
  if (isHexId(value)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_APP_CERTIFICATE',
    argument,
    `The app certificate (${argument}, AGORA_APP_CERTIFICATE) must be 32 hexadecimal characters, got ${whatIsWrong(value)}. ` +
      `Copy it from ${appCertificatePlace}.`,
  )
}

function whatIsWrong(value: unknown): string {
  const described = describeHidden(value)
  if (typeof value !== 'string') return described
  if (value.length === 32) return '32 characters of which some are not hexadecimal'
  return value === value.trim() ? described : `${described}, some of them white space at the ends`
}
