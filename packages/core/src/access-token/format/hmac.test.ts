import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { hmacSha256 } from './hmac.js'

function hmacOfNode(key: Uint8Array, message: Uint8Array): string {
  return createHmac('sha256', key).update(message).digest('hex')
}

it('agrees with the HMAC of Node for every key and message that a token can have', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 1000, maxLength: 1100 })),
      (key, message) => {
        expect(hmacSha256(Buffer.from(key), Buffer.from(message)).toString('hex')).toBe(
          hmacOfNode(key, message),
        )
      },
    ),
  )
})

it('keeps nothing of the call before: not of a longer key, not of a longer message', () => {
  hmacSha256(Buffer.alloc(64, 0xff), Buffer.alloc(1024, 0xff))
  for (const length of [0, 1, 1024, 1025, 65_536]) {
    const message = Buffer.alloc(length, 7)
    expect(hmacSha256(Buffer.from([1]), message).toString('hex')).toBe(hmacOfNode(Buffer.from([1]), message))
  }
})
