import { deflateSync, inflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgoraTokenError } from '../../errors.js'
import { codeOf } from '../calls.test.data.js'
import { inflatePayload, maxPayloadBytes, openEnvelope, sealPayload } from './envelope.js'
import { refused } from '../known-answers.test.data.js'

function seal(payload: Uint8Array, compression: 'stored' | 'deflate' = 'stored'): string {
  return sealPayload(Buffer.from(payload), compression)
}

function tokenOf(stream: Uint8Array): string {
  return `007${Buffer.from(stream).toString('base64')}`
}

function streamOf(token: string): Buffer {
  return Buffer.from(token.slice(3), 'base64')
}

describe('sealPayload', () => {
  it('writes a zlib stream that zlib itself inflates to the payload, stored or compressed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom('stored' as const, 'deflate' as const),
        (payload, compression) => {
          const token = seal(payload, compression)
          expect(token.startsWith('007')).toBe(true)
          expect(inflateSync(streamOf(token)).equals(payload)).toBe(true)
          expect(openEnvelope(token).equals(payload)).toBe(true)
        },
      ),
    )
  })

  it('refuses a token that is longer than a verifier reads, and names compression as the way out', () => {
    const payload = new Uint8Array(6131)
    expect(seal(payload.subarray(1))).toHaveLength(8191)
    expect(() => seal(payload)).toThrow(/8195 characters.*compression: 'deflate'/)
    expect(openEnvelope(seal(payload, 'deflate'))).toHaveLength(6131)
  })

  it('keeps nothing of a longer token that was built before', () => {
    seal(new Uint8Array(500).fill(0xff))
    expect(openEnvelope(seal(Uint8Array.from([1, 2, 3]))).toString('hex')).toBe('010203')
  })
})

describe('openEnvelope', () => {
  it('refuses a stored stream with any bit changed, but for five that say nothing', () => {
    const sealed = streamOf(seal(Buffer.from('a payload of some bytes')))
    const accepted = Array.from({ length: sealed.length * 8 }, (_, bit) => bit).filter((bit) => {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const code = codeOf(() => openEnvelope(tokenOf(changed)))
      expect(code, `bit ${bit}`).toMatch(/^(none|ERR_TOKEN_ZLIB)$/)
      return code === 'none'
    })
    // The unused bits behind the head of a stored block, in byte 2. zlib ignores them, as every reader does.
    expect(accepted).toEqual([19, 20, 21, 22, 23])
  })

  it('judges the header of a stream as zlib does', () => {
    const sealed = streamOf(seal(Buffer.from('payload')))
    // The usual window, a small one, one too large, another method; behind each the second bytes that make the check
    // value right, and one that does not.
    for (const first of [0x78, 0x08, 0x88, 0x79]) {
      const sound = 31 - ((first << 8) % 31)
      for (const second of [sound - 1, ...Array.from({ length: 8 }, (_, index) => sound + 31 * index)]) {
        const changed = Buffer.from(sealed)
        changed.writeUInt8(first, 0)
        changed.writeUInt8(second & 0xff, 1)
        const byZlib = codeOf(() => inflateSync(changed)) === 'none' ? 'none' : 'ERR_TOKEN_ZLIB'
        expect(
          codeOf(() => openEnvelope(tokenOf(changed))),
          `${first} ${second}`,
        ).toBe(byZlib)
      }
    }
  })

  it('refuses a stored block whose length is not that of its data, though its checksum fits', () => {
    const sealed = streamOf(seal(Buffer.from('payload')))
    for (const length of [0, 6, 8, 0xffff]) {
      const changed = Buffer.from(sealed)
      changed.writeUInt16LE(length, 3)
      changed.writeUInt16LE(length ^ 0xffff, 5)
      expect(codeOf(() => openEnvelope(tokenOf(changed)))).toBe('ERR_TOKEN_ZLIB')
    }
  })

  it('refuses bytes behind the stream, also when they repeat its checksum', () => {
    for (const compression of ['stored', 'deflate'] as const) {
      const stream = streamOf(seal(Buffer.from('payload'), compression))
      for (const more of [Buffer.from([0]), Buffer.alloc(8), stream.subarray(-4), stream]) {
        const token = tokenOf(Buffer.concat([stream, more]))
        expect(codeOf(() => openEnvelope(token))).toBe('ERR_TOKEN_ZLIB')
      }
    }
  })

  it('refuses every cut of a stored or compressed stream', () => {
    for (const compression of ['stored', 'deflate'] as const) {
      const stream = streamOf(seal(Buffer.from('a payload of some bytes'), compression))
      for (let length = 0; length < stream.length; length += 1) {
        // Without any byte left there is no Base64 behind the prefix either.
        const code = length === 0 ? 'ERR_TOKEN_ENVELOPE' : 'ERR_TOKEN_ZLIB'
        expect(
          codeOf(() => openEnvelope(tokenOf(stream.subarray(0, length)))),
          `${length} bytes`,
        ).toBe(code)
      }
    }
  })

  it('inflates at most 65,536 bytes, whatever a small token promises', () => {
    expect(inflatePayload(deflateSync(Buffer.alloc(maxPayloadBytes)))).toHaveLength(65_536)
    expect(codeOf(() => inflatePayload(deflateSync(Buffer.alloc(maxPayloadBytes + 1))))).toBe(
      'ERR_TOKEN_ZLIB',
    )
  })

  it.each(refused.filter(({ id }) => id.startsWith('zlib-bomb')))(
    'stops $id at the size limit, not only at the length of the token',
    ({ token }) => {
      expect(() => inflatePayload(streamOf(token))).toThrow(
        new AgoraTokenError('ERR_TOKEN_ZLIB', 'The token holds more than 65536 bytes.'),
      )
    },
  )
})
