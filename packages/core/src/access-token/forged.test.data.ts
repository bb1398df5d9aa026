import { deflateSync } from 'node:zlib'
import { appCertificate } from './known-answers.test.data.js'
import { readToken } from './parse.js'
import { deriveIssueKey, deriveSigningKey, signPayload } from './format/signature.js'

/** Where things stand in what is signed, with an App ID of 32 characters. */
export const offsetOf = { ttlSeconds: 38, firstServiceType: 48 } as const

/**
 * A token that our builder refuses to build, though its signature is right: what other builders make of the same
 * mistakes.
 */
export function forgeToken(token: string, change: (signingInfo: Buffer) => void): string {
  const { issuedAtSeconds, salt, signingInfo } = readToken(token).signed
  const changed = Buffer.from(signingInfo)
  change(changed)
  const signingKey = deriveSigningKey(deriveIssueKey(appCertificate, issuedAtSeconds), salt)
  const payload = Buffer.concat([Buffer.from([32, 0]), signPayload(signingKey, changed), changed])
  return `007${deflateSync(payload).toString('base64')}`
}
