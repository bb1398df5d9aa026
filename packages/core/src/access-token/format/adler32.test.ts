import { deflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adler32 } from './adler32.js'

/** The checksum that zlib writes at the end of its stream. */
function zlibAdler32(bytes: Uint8Array): number {
  const stream = deflateSync(bytes)
  return stream.readUInt32BE(stream.length - 4)
}

describe('adler32', () => {
  it('is 1 for no bytes at all', () => {
    expect(adler32(new Uint8Array(0), 0, 0)).toBe(1)
  })

  it('agrees with zlib on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => {
        expect(adler32(bytes, 0, bytes.length)).toBe(zlibAdler32(bytes))
      }),
    )
  })

  it('does not overflow on the largest payload of the largest bytes', () => {
    const bytes = new Uint8Array(65_536).fill(0xff)
    expect(adler32(bytes, 0, bytes.length)).toBe(zlibAdler32(bytes))
  })

  it('counts only the part it is asked for', () => {
    const bytes = Uint8Array.from([9, 9, 1, 2, 3, 9])
    expect(adler32(bytes, 2, 5)).toBe(zlibAdler32(bytes.subarray(2, 5)))
  })
})
