import { isUtf8 } from 'node:buffer'
import { AgoraTokenError, AgoraValidationError } from '../../errors.js'
import { maxPayloadBytes } from './envelope.js'

/*
 * The binary encoding: little-endian numbers, and texts after their length in bytes (16 bits).
 */

// A token of one or two services fits.
const firstBytes = 512

/** Writes a payload into a buffer that grows with it. */
export class PayloadWriter {
  readonly #maxBytes: number
  #bytes = Buffer.allocUnsafe(firstBytes)
  #end = 0

  constructor(maxBytes: number = maxPayloadBytes) {
    this.#maxBytes = maxBytes
  }

  /** What was written so far. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end)
  }

  u16(value: number): void {
    const start = this.#advance(2)
    this.#bytes.writeUInt16LE(value, start)
  }

  i16(value: number): void {
    const start = this.#advance(2)
    this.#bytes.writeInt16LE(value, start)
  }

  u32(value: number): void {
    const start = this.#advance(4)
    this.#bytes.writeUInt32LE(value, start)
  }

  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.u16(length)
    const start = this.#advance(length)
    this.#bytes.write(value, start, 'utf8')
  }

  /** Leaves room for bytes that are known later, and returns where it is. */
  reserve(length: number): number {
    return this.#advance(length)
  }

  #advance(length: number): number {
    const start = this.#end
    const end = start + length
    if (end > this.#maxBytes) {
      throw new AgoraValidationError(
        'ERR_INVALID_SERVICE',
        'services',
        `services take more than the ${this.#maxBytes} bytes that a token can hold.`,
      )
    }
    if (end > this.#bytes.length) this.#grow(end)
    this.#end = end
    return start
  }

  #grow(atLeast: number): void {
    const larger = Buffer.allocUnsafe(Math.max(atLeast, 2 * this.#bytes.length))
    larger.set(this.written)
    this.#bytes = larger
  }
}

/** Reads a payload. Every read is checked against the end. `what` names the field in the error. */
export class PayloadReader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#position
  }

  u16(what: string): number {
    return this.#bytes.readUInt16LE(this.#advance(2, what))
  }

  i16(what: string): number {
    return this.#bytes.readInt16LE(this.#advance(2, what))
  }

  u32(what: string): number {
    return this.#bytes.readUInt32LE(this.#advance(4, what))
  }

  /** Bytes after their length: a view into the payload, not a copy. */
  bytes(what: string): Buffer {
    const length = this.u16(what)
    const start = this.#advance(length, what)
    return this.#bytes.subarray(start, start + length)
  }

  text(what: string): string {
    const length = this.u16(what)
    const start = this.#advance(length, what)
    const text = this.#bytes.toString('utf8', start, start + length)
    // Bytes that are no UTF-8 decode to U+FFFD. Only a text that has one needs the second look.
    if (text.includes('\uFFFD') && !isUtf8(this.#bytes.subarray(start, start + length))) {
      throw new AgoraTokenError('ERR_TOKEN_STRUCTURE', `The token is malformed: ${what} is not valid UTF-8.`)
    }
    return text
  }

  #advance(length: number, what: string): number {
    const start = this.#position
    this.#position += length
    if (this.#position <= this.#bytes.length) return start
    throw new AgoraTokenError(
      'ERR_TOKEN_STRUCTURE',
      `The token is malformed: its payload ends inside ${what}.`,
    )
  }
}
