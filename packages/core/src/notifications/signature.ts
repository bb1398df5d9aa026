import { createHmac, timingSafeEqual } from 'node:crypto'

/** The two signatures Agora sends: `Agora-Signature` (HMAC-SHA1) and `Agora-Signature-V2` (HMAC-SHA256). */
export type SignatureVersion = 'sha1' | 'sha256'

/** Header of each signature, in lower case. */
export const signatureHeaders: Readonly<Record<SignatureVersion, string>> = {
  sha1: 'agora-signature',
  sha256: 'agora-signature-v2',
}

/** Lower-case hexadecimal HMAC over the exact bytes of a body. */
export function signatureOf(version: SignatureVersion, secret: string, rawBody: Uint8Array | string): string {
  return createHmac(version, secret).update(rawBody).digest('hex')
}

/** Compares in constant time; hexadecimal digits of either case. */
export function isSameSignature(expected: string, received: string): boolean {
  const a = Buffer.from(expected, 'utf8')
  const b = Buffer.from(received.trim().toLowerCase(), 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}
