import { deflateSync, inflateSync } from 'node:zlib'
import { AgoraTokenError, AgoraValidationError } from '../../errors.js'
import { describe, isRecord } from '../../input/describe.js'
import { readStoredBlock, storedLength, writeStoredBlock } from './stored-block.js'

/*
 * The outer form of a token: `007`, then Base64, then zlib around the payload. The signature covers the payload
 * alone. Every zlib stream of one payload is therefore the same token, and a builder may write the fastest one.
 */

/** A token for RTC, RTM and Chat together has about 300 characters; 8 KiB also fits into every proxy's header limit. */
export const maxTokenCharacters = 8192

/** The longest payload that is read. One of Agora's own readers keeps lengths in 16 bits and can hold no more. */
export const maxPayloadBytes = 65_536

/**
 * How the payload is packed. `stored` writes it as it is, in a zlib stream of one block. That is the fastest to write
 * and to read. `deflate` compresses it, which makes tokens that name many resources shorter.
 */
export type TokenCompression = 'stored' | 'deflate'

const prefix = '007'

/**
 * Makes a token of a payload.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_SERVICE` when the token would be longer than a verifier reads.
 */
export function sealPayload(payload: Buffer, compression: TokenCompression): string {
  const compressed = compression === 'deflate' ? deflateSync(payload) : undefined
  const streamBytes = compressed?.length ?? storedLength(payload.length)
  const characters = prefix.length + 4 * Math.ceil(streamBytes / 3)
  if (characters > maxTokenCharacters) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'services',
      `services make a token of ${characters} characters, more than the ${maxTokenCharacters} that a verifier reads. ` +
        `Put fewer services or resources into it${compression === 'stored' ? ", or pass compression: 'deflate'" : ''}.`,
    )
  }
  return prefix + (compressed ?? writeStoredBlock(payload)).toString('base64')
}

/**
 * Opens a token down to its payload.
 *
 * Only one Base64 spelling of a payload is accepted. Lenient readers skip foreign characters and accept the URL-safe
 * alphabet. A deny list of token texts could then be bypassed.
 *
 * @throws {AgoraTokenError} `ERR_TOKEN_ENVELOPE`, `ERR_TOKEN_BASE64`, `ERR_TOKEN_ZLIB`
 */
export function openEnvelope(token: unknown): Buffer {
  if (typeof token !== 'string') {
    throw new AgoraTokenError('ERR_TOKEN_ENVELOPE', `The token must be a string, got ${describe(token)}.`)
  }
  if (token.length > maxTokenCharacters) {
    throw new AgoraTokenError(
      'ERR_TOKEN_ENVELOPE',
      `The token has ${token.length} characters; at most ${maxTokenCharacters} are read.`,
    )
  }
  if (!token.startsWith(prefix) || token.length === prefix.length) {
    throw new AgoraTokenError(
      'ERR_TOKEN_ENVELOPE',
      'The token is no AccessToken2: it must start with "007" and go on. inspectToken() says what it looks like instead.',
    )
  }
  const text = token.slice(prefix.length)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) {
    throw new AgoraTokenError(
      'ERR_TOKEN_BASE64',
      'The token is not standard Base64 after its prefix: it was cut, changed or encoded again on its way.',
    )
  }
  return readStoredBlock(bytes) ?? inflatePayload(bytes)
}

/**
 * Inflates a zlib stream that must end where its bytes end.
 *
 * @throws {AgoraTokenError} `ERR_TOKEN_ZLIB`
 */
export function inflatePayload(stream: Buffer): Buffer {
  const { payload, bytesRead } = inflate(stream)
  if (bytesRead === stream.length) return payload
  throw new AgoraTokenError('ERR_TOKEN_ZLIB', 'The token has bytes behind the end of its compressed payload.')
}

function inflate(stream: Buffer): { payload: Buffer; bytesRead: number } {
  let result: unknown
  try {
    // Payloads are a few hundred bytes: small chunks come from Buffer's pool, the default of 16 KiB does not.
    result = inflateSync(stream, { maxOutputLength: maxPayloadBytes, chunkSize: 1024, info: true })
  } catch (cause) {
    throw new AgoraTokenError(
      'ERR_TOKEN_ZLIB',
      cause instanceof RangeError
        ? `The token holds more than ${maxPayloadBytes} bytes.`
        : 'The compressed payload of the token is damaged or cut off.',
      { cause },
    )
  }
  // The types of Node do not know that `info: true` changes the result.
  if (isRecord(result) && Buffer.isBuffer(result['buffer']) && isRecord(result['engine'])) {
    const bytesRead = result['engine']['bytesWritten']
    if (typeof bytesRead === 'number') return { payload: result['buffer'], bytesRead }
  }
  throw new TypeError('zlib.inflateSync with info: true must return a buffer and an engine')
}
