import { isUtf8 } from 'node:buffer'
import { AgoraTokenError, AgoraValidationError } from '../errors.js'

/*
 * The binary encoding below the services: little-endian numbers, and texts behind their length in bytes (16 bits).
 */

/** Writes a payload from the start of a buffer it does not own. */
export class PayloadWriter {
  readonly #bytes: Buffer
  #end = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#end
  }

  u16(value: number): void {
    this.#bytes.writeUInt16LE(value, this.#advance(2))
  }

  i16(value: number): void {
    this.#bytes.writeInt16LE(value, this.#advance(2))
  }

  u32(value: number): void {
    this.#bytes.writeUInt32LE(value, this.#advance(4))
  }

  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.u16(length)
    this.#bytes.write(value, this.#advance(length), 'utf8')
  }

  /** Leaves room for bytes that are known later, and says where it is. */
  reserve(length: number): number {
    return this.#advance(length)
  }

  #advance(length: number): number {
    const start = this.#end
    this.#end += length
    if (this.#end <= this.#bytes.length) return start
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'services',
      `services take more than the ${this.#bytes.length} bytes that a token can hold.`,
    )
  }
}

/** Reads a payload. Every read is checked against the end; `what` names the field for the error. */
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

  /** Bytes behind their length: a view into the payload, not a copy. */
  bytes(what: string): Buffer {
    const length = this.u16(what)
    const start = this.#advance(length, what)
    return this.#bytes.subarray(start, start + length)
  }

  text(what: string): string {
    const length = this.u16(what)
    const start = this.#advance(length, what)
    const text = this.#bytes.toString('utf8', start, start + length)
    // Bytes that are no UTF-8 decode to U+FFFD; only a text that has one is worth the second look.
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
