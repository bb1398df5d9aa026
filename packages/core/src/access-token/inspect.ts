import { isHexId, isRecord, isUnixSeconds } from './arguments.js'
import { inspectContent } from './inspect-content.js'
import type { Expectation } from './inspect-content.js'
import { inspectText } from './inspect-text.js'
import { describeDuration, tokenEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2 } from './parse.js'
import { ServiceType } from './service-types.js'
import { quote } from './subject.js'
import { Findings } from './token-report.js'
import type { TokenReport } from './token-report.js'

/** Options of {@link inspectToken}: what is known about the token. What is left out is not compared. */
export interface InspectTokenOptions {
  readonly appId?: string | undefined
  /** One certificate or several. Without one the signature stays unchecked. */
  readonly appCertificate?: string | readonly string[] | undefined
  /** The user who presents the token. */
  readonly userId?: string | undefined
  /** Unix time in seconds. Default the clock of this machine. */
  readonly nowSeconds?: number | undefined
}

/**
 * Says in words everything that keeps a token from being good for Signaling, or soon may: what happened to its text,
 * whose it is, what it grants, when it ends. For people who look for a reason; programs decide with
 * {@link verifyAccessToken2}.
 *
 * Never throws, whatever the token is. Messages never hold the token, the certificate or a signature.
 *
 * @example
 * inspectToken(process.env.AGORA_TOKEN, { appId, userId: 'alice' }).summary
 * // 'The token holds an RTC service only; Signaling needs RTM. …'
 *
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function inspectToken(token: unknown, options: InspectTokenOptions = {}): TokenReport {
  const findings = new Findings()
  const expected = readOptions(options, findings)
  const read = inspectText(token, findings)
  if (read !== undefined) inspectContent(read, expected, findings)

  const errors = findings.all.filter(({ severity }) => severity === 'error')
  const [first, ...others] = errors
  return {
    ok: first === undefined,
    summary:
      first === undefined
        ? describeGood(read?.parsed, expected, findings)
        : `${first.message}${others.length === 0 ? '' : ` (And ${others.length} more.)`}`,
    findings: findings.all,
    ...(read === undefined ? undefined : { token: read.parsed }),
  }
}

function readOptions(options: unknown, findings: Findings): Expectation {
  const { appId, appCertificate, userId, nowSeconds } = isRecord(options) ? options : {}
  return {
    appId,
    appCertificates: readCertificates(appCertificate, findings),
    userId,
    nowSeconds: readNow(nowSeconds, findings),
  }
}

function readCertificates(value: unknown, findings: Findings): string[] {
  if (value === undefined) return []
  const given: unknown[] = Array.isArray(value) ? value : [value]
  const certificates = given.filter(isHexId)
  if (certificates.length < given.length) {
    findings.warning(
      'CERTIFICATE_MALFORMED',
      'The app certificate given is not 32 hexadecimal characters, so nothing was checked with it. ' +
        'Look for white space or quotation marks in AGORA_APP_CERTIFICATE.',
    )
  }
  return certificates
}

function readNow(value: unknown, findings: Findings): number {
  if (isUnixSeconds(value)) return value
  if (value !== undefined) {
    findings.warning(
      'OPTION_IGNORED',
      'nowSeconds is not a Unix time in seconds (milliseconds are not), so the clock of this machine was used.',
    )
  }
  return Date.now() / 1000
}

function describeGood(
  token: ParsedAccessToken2 | undefined,
  expected: Expectation,
  findings: Findings,
): string {
  const login = token?.services.find((service) => service.type === ServiceType.Rtm)
  if (token === undefined || login === undefined) return 'The token is good for Signaling.'
  const user = quote(login.userId, expected.appCertificates)
  const left = describeDuration(tokenEndSeconds(token) - expected.nowSeconds)
  const warning = findings.all.find(({ severity }) => severity === 'warning')
  return `The token is good for Signaling as user ${user}, for ${left} more.${warning === undefined ? '' : ` ${warning.message}`}`
}
