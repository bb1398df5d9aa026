import { deflateSync, inflateSync } from 'node:zlib'
import { AgoraTokenError, AgoraValidationError } from '../errors.js'
import { adler32 } from './adler32.js'
import { describe, isRecord } from './arguments.js'

/*
 * The outer form of a token: `007`, then Base64, then zlib around the payload. The signature covers the payload
 * alone, so every zlib stream of one payload is the same token, and which one a builder writes is a matter of speed.
 */

/** A token for RTC, RTM and Chat together has about 300 characters; 8 KiB also fits into every proxy's header limit. */
export const maxTokenCharacters = 8192

/** What may come out of a token. One of Agora's own readers keeps lengths in 16 bits and can hold no more. */
export const maxPayloadBytes = 65_536

/**
 * How the payload is packed: `stored` as it is, inside a zlib stream of one block, which is the fastest to write and
 * to read; `deflate` compressed, which pays for tokens that name many resources.
 */
export type TokenCompression = 'stored' | 'deflate'

const prefix = '007'

// A stored zlib stream: two bytes of header, one that says "last block, stored", the length and its complement
// (16 bits each), the data, and an Adler-32 of the data.
const storedHead = 7
const storedTail = 4
const lastStoredBlock = 1

// Building is synchronous and ends here, so one buffer serves all tokens. Pages that no token reaches are never touched.
const frame = Buffer.allocUnsafeSlow(storedHead + maxPayloadBytes + storedTail)

/** Where a builder writes the payload before it calls {@link sealPayload}. */
export const payloadArea: Buffer = frame.subarray(storedHead, storedHead + maxPayloadBytes)

/**
 * Makes a token of the first bytes of {@link payloadArea}.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_SERVICE` when the token would be longer than a verifier reads.
 */
export function sealPayload(length: number, compression: TokenCompression): string {
  const compressed = compression === 'deflate' ? deflateSync(payloadArea.subarray(0, length)) : undefined
  const characters =
    prefix.length + 4 * Math.ceil((compressed?.length ?? storedHead + length + storedTail) / 3)
  if (characters > maxTokenCharacters) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'services',
      `services make a token of ${characters} characters, more than the ${maxTokenCharacters} that a verifier reads. ` +
        `Put fewer services or resources into it${compression === 'stored' ? ", or pass compression: 'deflate'" : ''}.`,
    )
  }
  return prefix + (compressed?.toString('base64') ?? storePayload(length))
}

function storePayload(length: number): string {
  const end = storedHead + length
  frame[0] = 0x78
  frame[1] = 0x01
  frame[2] = lastStoredBlock
  frame.writeUInt16LE(length, 3)
  frame.writeUInt16LE(length ^ 0xffff, 5)
  frame.writeUInt32BE(adler32(frame, storedHead, end), end)
  return frame.toString('base64', 0, end + storedTail)
}

/**
 * Opens a token down to its payload.
 *
 * One payload has one Base64 spelling here: lenient readers skip foreign characters and accept the URL-safe
 * alphabet, and a deny list keyed by the text of a token is then easily passed by.
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
      'The token is no AccessToken2: it must start with "007" and go on. inspectToken() tells what it looks like instead.',
    )
  }
  const text = token.slice(prefix.length)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) {
    throw new AgoraTokenError(
      'ERR_TOKEN_BASE64',
      'The token is not in standard Base64 behind its prefix: it was cut, changed or encoded again on its way.',
    )
  }
  return unwrapStored(bytes) ?? inflatePayload(bytes)
}

/** The payload of a stream that is one stored block and sound in every part; anything else is for zlib to judge. */
function unwrapStored(stream: Buffer): Buffer | undefined {
  const end = stream.length - storedTail
  const sound =
    end >= storedHead &&
    isZlibHeader(stream.readUInt16BE(0)) &&
    stream[2] === lastStoredBlock &&
    stream.readUInt16LE(3) === end - storedHead &&
    stream.readUInt16LE(5) === (stream.readUInt16LE(3) ^ 0xffff) &&
    stream.readUInt32BE(end) === adler32(stream, storedHead, end)
  return sound ? stream.subarray(storedHead, end) : undefined
}

/** Deflate with the usual 32 KiB window, a sound check value and no preset dictionary. */
function isZlibHeader(header: number): boolean {
  return header >> 8 === 0x78 && header % 31 === 0 && (header & 0x20) === 0
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
