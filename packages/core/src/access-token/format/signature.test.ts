import { describe, expect, it } from 'vitest'
import { generated, official } from '../known-answers.test.data.js'
import { deriveIssueKey, deriveSigningKey, isSignedWith, signPayload } from './signature.js'

const answers = [...official, ...generated].flatMap((answer) =>
  answer.appCertificate === undefined ? [] : [{ ...answer, appCertificate: answer.appCertificate }],
)

function issueKeyHex(certificate: string, second: number): string {
  return deriveIssueKey(certificate, second).toString('hex')
}

describe('the chain of three HMACs', () => {
  it.each(answers)('$id: has every intermediate value', (answer) => {
    const payload = Buffer.from(answer.payloadHex, 'hex')
    const signingInfo = payload.subarray(34)
    const issueKey = deriveIssueKey(answer.appCertificate, answer.issuedAtSeconds)
    const signingKey = deriveSigningKey(issueKey, answer.salt)
    expect({
      hmac1Hex: issueKey.toString('hex'),
      signingKeyHex: signingKey.toString('hex'),
      signingInfoHex: signingInfo.toString('hex'),
      signatureHex: signPayload(signingKey, signingInfo).toString('hex'),
    }).toEqual(answer.intermediate)
  })

  it('remembers the latest first step and never gives it to another certificate or second', () => {
    const [one] = answers
    if (one === undefined) throw new Error('there must be a known answer')
    const other = one.appCertificate.toLowerCase()
    const first = issueKeyHex(one.appCertificate, 1)
    expect(issueKeyHex(one.appCertificate, 1)).toBe(first)
    expect(issueKeyHex(one.appCertificate, 2)).not.toBe(first)
    expect(issueKeyHex(other, 2)).not.toBe(issueKeyHex(one.appCertificate, 2))
    expect(issueKeyHex(one.appCertificate, 1)).toBe(first)
  })
})

describe('isSignedWith', () => {
  it('refuses a signature of any other length than 32 bytes without failing', () => {
    const [answer] = answers
    if (answer === undefined) throw new Error('there must be a known answer')
    const payload = Buffer.from(answer.payloadHex, 'hex')
    const { issuedAtSeconds, salt } = answer
    const check = (signature: Buffer): boolean =>
      isSignedWith(answer.appCertificate, {
        signature,
        signingInfo: payload.subarray(34),
        issuedAtSeconds,
        salt,
      })
    expect(check(payload.subarray(2, 34))).toBe(true)
    expect([0, 31, 33, 64].map((length) => check(Buffer.alloc(length)))).toEqual([false, false, false, false])
  })
})
