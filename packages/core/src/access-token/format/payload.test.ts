import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgoraTokenError, AgoraValidationError } from '../../errors.js'
import { PayloadReader, PayloadWriter } from './payload.js'
import { anyText } from '../texts.test.data.js'

describe('PayloadWriter and PayloadReader', () => {
  it('write numbers little-endian and texts behind their length in bytes', () => {
    const writer = new PayloadWriter()
    writer.u16(0x0102)
    writer.i16(-1)
    writer.u32(0x01020304)
    writer.text('é')
    expect(writer.written.toString('hex')).toBe('0201ffff040302010200c3a9')
  })

  it('read back what was written', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.integer({ min: -0x8000, max: 0x7fff }),
        fc.nat(0xffff_ffff),
        anyText(0, 400),
        (u16, i16, u32, text) => {
          const writer = new PayloadWriter()
          writer.u16(u16)
          writer.i16(i16)
          writer.u32(u32)
          writer.text(text)
          const reader = new PayloadReader(writer.written)
          expect([reader.u16('a'), reader.i16('b'), reader.u32('c'), reader.text('d')]).toEqual([
            u16,
            i16,
            u32,
            text,
          ])
          expect(reader.remaining).toBe(0)
        },
      ),
    )
  })

  it('keep a byte order mark and U+FFFD, which are text like any other', () => {
    const writer = new PayloadWriter()
    writer.text('\uFEFFa\uFFFD')
    expect(new PayloadReader(writer.written).text('a text')).toBe('\uFEFFa\uFFFD')
  })

  it('grow with what is written, and keep every byte of it', () => {
    const writer = new PayloadWriter()
    for (const length of [500, 100, 3000, 40_000]) writer.text('a'.repeat(length))
    const reader = new PayloadReader(writer.written)
    expect([1, 2, 3, 4].map(() => reader.text('a text').length)).toEqual([500, 100, 3000, 40_000])
    expect(reader.remaining).toBe(0)
  })

  it('refuse to read past the end, and say inside which field it is', () => {
    const reader = new PayloadReader(Buffer.from([5, 0, 65]))
    expect(() => reader.text('a user ID')).toThrow(
      new AgoraTokenError(
        'ERR_TOKEN_STRUCTURE',
        'The token is malformed: its payload ends inside a user ID.',
      ),
    )
  })

  it('refuse to write past the end', () => {
    const writer = new PayloadWriter(3)
    expect(() => {
      writer.text('ab')
    }).toThrow(AgoraValidationError)
  })
})
