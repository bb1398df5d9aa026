import { buildAccessToken2, buildSignalingToken } from './build.js'
import { inspectToken } from './inspect.js'
import type { InspectTokenOptions } from './inspect.js'
import { appCertificate, appId } from './known-answers.test.data.js'
import type { AccessToken2ServiceInput } from './services/service-type.js'
import type { TokenFindingCode, TokenReport } from './token-report.js'

/*
 * A good token, what is known about it, and ways to look at what an inspection finds.
 */

export const issuedAtSeconds: number = 1_700_000_000
export const nowSeconds: number = issuedAtSeconds + 60
export const known: {
  appId: string
  appCertificate: string
  userId: string
  nowSeconds: number
} = { appId, appCertificate, userId: 'alice', nowSeconds }
export const otherAppId: string = 'b'.repeat(32)

/** With + and /, which URLs change, and padding: the first salt that gives all three. */
export const token: string = ((): string => {
  for (let salt = 1; ; salt += 1) {
    const candidate = buildSignalingToken({
      appId,
      appCertificate,
      userId: 'alice',
      ttlSeconds: 3600,
      issuedAtSeconds,
      salt,
    })
    if (/\+.*\//.test(candidate) && candidate.endsWith('=')) return candidate
  }
})()

export function tokenFor(...services: AccessToken2ServiceInput[]): string {
  return buildAccessToken2({ appId, appCertificate, ttlSeconds: 3600, issuedAtSeconds, services })
}

export function inspect(value: unknown, changes: InspectTokenOptions = {}): TokenReport {
  return inspectToken(value, { ...known, ...changes })
}

export function codes({ findings }: TokenReport): TokenFindingCode[] {
  return findings.map(({ code }) => code)
}

/** The message of one finding, which must be there. */
export function message(report: TokenReport, code: TokenFindingCode): string {
  const finding = report.findings.find((candidate) => candidate.code === code)
  if (finding === undefined) throw new Error(`no ${code} among ${codes(report).join(', ')}`)
  return finding.message
}
