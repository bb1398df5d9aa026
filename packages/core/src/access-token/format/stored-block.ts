import { adler32 } from './adler32.js'

/*
 * A zlib stream of one stored block, written and read by hand. It holds the payload as it is. `zlib.deflateSync` takes
 * 20 µs and `zlib.inflateSync` 3 µs for a payload of a token, this takes 0.3 µs: the rows `build-token` and
 * `verify-token` of docs/benchmarks.md need it. Every zlib reader takes such a stream.
 *
 * The bytes: two of header, one that says "last block, stored", the length and its complement (16 bits each), the
 * data, and an Adler-32 of the data.
 */

const headBytes = 7
const tailBytes = 4
const lastStoredBlock = 1

/** How many bytes the stream of a payload has. */
export function storedLength(payloadBytes: number): number {
  return headBytes + payloadBytes + tailBytes
}

export function writeStoredBlock(payload: Buffer): Buffer {
  const end = headBytes + payload.length
  const stream = Buffer.allocUnsafe(storedLength(payload.length))
  stream[0] = 0x78
  stream[1] = 0x01
  stream[2] = lastStoredBlock
  stream.writeUInt16LE(payload.length, 3)
  stream.writeUInt16LE(payload.length ^ 0xffff, 5)
  stream.set(payload, headBytes)
  stream.writeUInt32BE(adler32(payload, 0, payload.length), end)
  return stream
}

/** The payload of a stream that is one stored block and sound in every part. `undefined` for anything else. */
export function readStoredBlock(stream: Buffer): Buffer | undefined {
  const end = stream.length - tailBytes
  const isSound =
    end >= headBytes &&
    isZlibHeader(stream.readUInt16BE(0)) &&
    stream[2] === lastStoredBlock &&
    stream.readUInt16LE(3) === end - headBytes &&
    stream.readUInt16LE(5) === (stream.readUInt16LE(3) ^ 0xffff) &&
    stream.readUInt32BE(end) === adler32(stream, headBytes, end)
  return isSound ? stream.subarray(headBytes, end) : undefined
}

/** Deflate with the usual 32 KiB window, a sound check value and no preset dictionary. */
function isZlibHeader(header: number): boolean {
  return header >> 8 === 0x78 && header % 31 === 0 && (header & 0x20) === 0
}
