import { AgoraValidationError } from '../errors.js'

const maxPayloadBytes = 32_768

/**
 * A message: text of 1 to 32,768 bytes of UTF-8.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_PAYLOAD`
 */
export function requirePayload(payload: unknown): string {
  if (payload === undefined || payload === null) {
    throw new AgoraValidationError(
      'ERR_INVALID_PAYLOAD',
      'payload',
      `payload is missing: it must be a string of 1 to ${maxPayloadBytes} bytes.`,
    )
  }
  if (typeof payload !== 'string') {
    throw new AgoraValidationError(
      'ERR_INVALID_PAYLOAD',
      'payload',
      'payload must be a string: use JSON.stringify(value) for anything else.',
    )
  }
  if (payload === '')
    throw new AgoraValidationError('ERR_INVALID_PAYLOAD', 'payload', 'payload must not be empty.')
  const bytes = Buffer.byteLength(payload, 'utf8')
  if (bytes <= maxPayloadBytes) return payload
  throw new AgoraValidationError(
    'ERR_INVALID_PAYLOAD',
    'payload',
    `payload must be at most ${maxPayloadBytes} bytes of UTF-8, got ${bytes}.`,
  )
}
