import { isHexId } from '../input/app-id.js'
import { checkOptions } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import { isUnixSeconds } from '../input/times.js'
import { defaultClockSkewSeconds } from './check.js'
import { inspectContent } from './inspect-content.js'
import type { InspectedExpectations } from './inspect-content.js'
import { inspectText } from './inspect-text.js'
import { tokenEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2 } from './parse.js'
import { ServiceType } from './services/service-type.js'
import { Findings } from './token-report.js'
import type { TokenFinding, TokenFindingCode, TokenReport } from './token-report.js'
import { describeDuration, quote } from './wording.js'

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
 * Lists in words everything that makes Signaling refuse a token, now or soon: damage to its text, another project or
 * user, missing rights, its end. It is for people who look for a reason. Programs use {@link verifyAccessToken2}, which
 * throws for every token that has an error here.
 *
 * Never throws for the token, whatever it is. Messages never hold the token, the certificate or a signature.
 *
 * @example
 * inspectToken(process.env.AGORA_TOKEN, { appId, userId: 'alice' }).summary
 * // 'The token holds an RTC service only; Signaling needs RTM. …'
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function inspectToken(token: unknown, options: InspectTokenOptions = {}): TokenReport {
  checkOptions('inspectToken()', options, optionRules)
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

// A malformed value is a finding. The part of the token that it belongs to is not checked.
const optionRules: OptionRules<InspectTokenOptions> = {
  appId: checkedByItsOwner,
  appCertificate: checkedByItsOwner,
  userId: checkedByItsOwner,
  nowSeconds: checkedByItsOwner,
}

const loginPrivilege = 1

function readOptions(options: InspectTokenOptions, findings: Findings): InspectedExpectations {
  const { appId, appCertificate, nowSeconds } = options
  const userId: unknown = options.userId
  const isComparable = typeof userId === 'string' || typeof userId === 'number'
  return {
    appId,
    appCertificates: readCertificates(appCertificate, findings),
    nowSeconds: readNow(nowSeconds, findings),
    clockSkewSeconds: defaultClockSkewSeconds,
    required: {
      type: ServiceType.Rtm,
      privilege: loginPrivilege,
      userId: isComparable ? String(userId) : undefined,
      channelName: undefined,
    },
    givenUserId: userId,
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

/** Warnings about the values that were given with the token. They follow those about the token itself. */
const aboutTheInspection: ReadonlySet<TokenFindingCode> = new Set([
  'SIGNATURE_UNCHECKED',
  'CERTIFICATE_MALFORMED',
  'OPTION_IGNORED',
])

function isAside({ code }: TokenFinding): boolean {
  return aboutTheInspection.has(code)
}

function describeGood(
  token: ParsedAccessToken2 | undefined,
  expected: InspectedExpectations,
  findings: Findings,
): string {
  const login = token?.services.find((service) => service.type === ServiceType.Rtm)
  if (token === undefined || login === undefined) return 'The token is good for Signaling.'
  const user = quote(login.userId, expected.appCertificates)
  const left = describeDuration(tokenEndSeconds(token) - expected.nowSeconds)
  const warnings = findings.all.filter(({ severity }) => severity === 'warning')
  const inOrder = [...warnings.filter((warning) => !isAside(warning)), ...warnings.filter(isAside)]
  return [
    `The token is good for Signaling as user ${user}, for ${left} more.`,
    ...inOrder.map(({ message }) => message),
  ].join(' ')
}
