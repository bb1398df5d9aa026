import { describe, isHexId, looksLikePointInTime, maxTtlSeconds } from './arguments.js'
import { isPlaceholder } from './inspect-text.js'
import { describeDuration, describeTime, privilegeEndSeconds, tokenEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2, ReadToken } from './parse.js'
import { serviceName, ServiceType } from './service-types.js'
import type { RtmService } from './service-types.js'
import { isSignedWith } from './signature.js'
import { explainDifference, haveOneSubject, quote } from './subject.js'
import type { Findings } from './token-report.js'

/*
 * What a token says, compared with what the caller expects, for a Signaling login or REST call.
 */

const loginPrivilege = 1
const longestUserIdBytes = 64

// Agora's own tolerance is not published. Five minutes is what verifiers commonly allow.
const clockSkewSeconds = 300

/** What the caller knows. `undefined` is not known. */
export interface Expectation {
  readonly appId: unknown
  readonly appCertificates: readonly string[]
  readonly userId: unknown
  readonly nowSeconds: number
}

export function inspectContent(
  { parsed, signed }: ReadToken,
  expected: Expectation,
  findings: Findings,
): void {
  inspectAppId(parsed.appId, expected, findings)
  inspectSignature({ parsed, signed }, expected, findings)
  inspectTime(parsed, expected.nowSeconds, findings)
  inspectServices(parsed, expected, findings)
}

function inspectAppId(held: string, { appId, appCertificates }: Expectation, findings: Findings): void {
  if (appCertificates.includes(held)) {
    findings.error(
      'APP_ID_MISMATCH',
      'The token carries the app certificate in the place of the App ID: the two arguments were swapped when it was built. ' +
        'Everyone who saw the token knows the certificate now; renew it in the Agora Console.',
    )
    return
  }
  if (!isHexId(held)) {
    findings.error('APP_ID_MALFORMED', 'The App ID in the token is not 32 hexadecimal characters.')
  }
  if (appId === undefined) {
    findings.info('APP_ID_UNCHECKED', 'No App ID was given, so the one in the token was not compared.')
  } else if (appId !== held) {
    findings.error('APP_ID_MISMATCH', explainOtherAppId(appId, held))
  }
}

function explainOtherAppId(appId: unknown, held: string): string {
  const message = 'The token was built for another App ID than the one given'
  if (!isHexId(appId)) {
    return `${message}, and the one given is not 32 hexadecimal characters: check AGORA_APP_ID.`
  }
  return appId.toLowerCase() === held.toLowerCase()
    ? `${message}: they differ only in letter case, which counts.`
    : `${message}: check that both come from the same project in the Agora Console.`
}

function inspectSignature(
  { parsed, signed }: ReadToken,
  { appId, appCertificates }: Expectation,
  findings: Findings,
): void {
  if (appCertificates.length === 0) {
    findings.warning(
      'SIGNATURE_UNCHECKED',
      'No app certificate was given, so the signature was not checked: nothing here proves that the token is genuine.',
    )
    return
  }
  if (appCertificates.some((certificate) => isSignedWith(certificate, signed))) return
  const inOtherCase = appCertificates.flatMap((certificate) => [
    certificate.toLowerCase(),
    certificate.toUpperCase(),
  ])
  findings.error(
    'SIGNATURE_MISMATCH',
    inOtherCase.some((certificate) => isSignedWith(certificate, signed))
      ? 'The token was signed with the app certificate in other letter case, which counts: use it as the Agora Console shows it.'
      : [parsed.appId, appId].some((id) => isHexId(id) && isSignedWith(id, signed))
        ? 'The token was signed with the App ID in the place of the app certificate.'
        : 'The token was signed with another app certificate than the one given, or was changed since. ' +
          'Check AGORA_APP_CERTIFICATE where the token is built: it must belong to this App ID.',
  )
}

function inspectTime(token: ParsedAccessToken2, nowSeconds: number, findings: Findings): void {
  const { issuedAtSeconds, ttlSeconds } = token
  const aheadSeconds = issuedAtSeconds - nowSeconds
  if (aheadSeconds > clockSkewSeconds) {
    findings.error(
      'ISSUED_IN_FUTURE',
      isWrappedMilliseconds(issuedAtSeconds, nowSeconds)
        ? 'The time of issue is in milliseconds; it must be in seconds: Math.floor(Date.now() / 1000).'
        : `The token says it was issued ${describeDuration(aheadSeconds)} from now, at ${describeTime(issuedAtSeconds)}: ` +
            'the clock of the machine that built it is off, or this one is.',
    )
  } else if (aheadSeconds >= 1) {
    findings.warning(
      'CLOCK_AHEAD',
      `The token was issued ${describeDuration(aheadSeconds)} ahead of the clock here: one of the two machines is off. ` +
        'A token that is refused at first and good later comes from that.',
    )
  }

  if (ttlSeconds === 0) {
    findings.error('TTL_ZERO', 'The token has a lifetime of 0 seconds, so it was dead from the start.')
    return
  }
  inspectLongTtl(ttlSeconds, 'The lifetime of the token', findings)

  const endSeconds = tokenEndSeconds(token)
  const leftSeconds = endSeconds - nowSeconds
  if (leftSeconds <= 0) {
    findings.error(
      'EXPIRED',
      `The token expired ${describeDuration(-leftSeconds)} ago, at ${describeTime(endSeconds)}. Issue a new one.`,
    )
  } else if (leftSeconds < 60 && aheadSeconds < 1) {
    findings.warning('EXPIRES_SOON', `The token expires in ${describeDuration(leftSeconds)}.`)
  }
}

function inspectLongTtl(ttlSeconds: number, what: string, findings: Findings): void {
  if (looksLikePointInTime(ttlSeconds)) {
    findings.warning(
      'TTL_LOOKS_LIKE_TIME',
      `${what} looks like a point in time. It must be a duration: pass 3600 and not now + 3600. Agora ends the token after 24 hours.`,
    )
  } else if (ttlSeconds > maxTtlSeconds) {
    findings.warning(
      'TTL_TOO_LONG',
      `${what} is ${describeDuration(ttlSeconds)}; Agora ends every token after 24 hours.${ttlSeconds % 1000 === 0 ? ' Was it given in milliseconds?' : ''}`,
    )
  }
}

/** Milliseconds that were cut to 32 bits on their way into the token: within a day of what now would give. */
function isWrappedMilliseconds(issuedAtSeconds: number, nowSeconds: number): boolean {
  const dayMs = 86_400_000
  const distance = Math.abs(((nowSeconds * 1000) % 2 ** 32) - issuedAtSeconds)
  return Math.min(distance, 2 ** 32 - distance) < dayMs
}

function inspectServices(token: ParsedAccessToken2, expected: Expectation, findings: Findings): void {
  if (token.unreadServiceType !== undefined) {
    findings.warning(
      'UNKNOWN_SERVICE',
      `The token holds a service with the unknown number ${token.unreadServiceType}. It, and all that follows it, could not be read.`,
    )
  }
  const logins = token.services.filter((service) => service.type === ServiceType.Rtm)
  const [login] = logins
  if (login === undefined) {
    findings.error('RTM_SERVICE_MISSING', explainMissingRtm(token))
    return
  }
  inspectLogin(token, logins, expected.nowSeconds, findings)
  if (haveOneSubject(logins)) {
    inspectUserId(login.userId, expected, findings)
  } else {
    findings.error(
      'USER_ID_AMBIGUOUS',
      'The token holds several RTM services for different users, so it is not clear whom it is for.',
    )
  }
}

function explainMissingRtm({ services }: ParsedAccessToken2): string {
  const types = [...new Set(services.map(({ type }) => type))]
  const [type] = types
  if (type === undefined) return 'The token holds no service that can be read; Signaling needs RTM.'
  const held =
    types.length === 1
      ? `${/^[CS][a-z]/.test(serviceName(type)) || type === ServiceType.ConvoAi ? 'a' : 'an'} ${serviceName(type)} service only`
      : `${new Intl.ListFormat('en').format(types.map(serviceName))} services only`
  const hint = types.includes(ServiceType.Rtm2)
    ? ' RTM2 (number 8) is not RTM (number 2): Agora takes it only where it has switched it on.'
    : types.includes(ServiceType.Rtc)
      ? ' RtcTokenBuilder and the temporary tokens of the Console make RTC tokens.'
      : ''
  return `The token holds ${held}; Signaling needs RTM.${hint} Build it with buildSignalingToken().`
}

function inspectLogin(
  token: ParsedAccessToken2,
  logins: readonly RtmService[],
  nowSeconds: number,
  findings: Findings,
): void {
  const lifetimes = logins.flatMap(({ privileges }) => privileges[loginPrivilege] ?? [])
  if (lifetimes.length === 0) {
    findings.error(
      'LOGIN_PRIVILEGE_MISSING',
      'The RTM service of the token does not grant privilege 1 (login).',
    )
    return
  }
  const longest = lifetimes.includes(0) ? 0 : Math.max(...lifetimes)
  inspectLongTtl(longest, 'The lifetime of the login privilege', findings)
  const endSeconds = privilegeEndSeconds(token, longest)
  // When the token itself is over, that is said already.
  if (nowSeconds >= endSeconds && nowSeconds < tokenEndSeconds(token)) {
    findings.error(
      'LOGIN_PRIVILEGE_EXPIRED',
      `The login privilege expired ${describeDuration(nowSeconds - endSeconds)} ago, though the token is still good. Give it the lifetime of the token.`,
    )
  }
}

function inspectUserId(held: string, { userId, appCertificates }: Expectation, findings: Findings): void {
  if (held === '') {
    findings.error(
      'USER_ID_EMPTY',
      'The user ID in the token is empty: it was undefined or empty where the token was built.',
    )
  } else if (isPlaceholder(held)) {
    findings.warning(
      'USER_ID_PLACEHOLDER',
      `The user ID in the token is the word ${held}: a value that was not there was made into text.`,
    )
  } else if (held !== held.trim()) {
    findings.warning(
      'USER_ID_WHITE_SPACE',
      `The user ID in the token, ${quote(held, appCertificates)}, has surrounding white space.`,
    )
  }
  const bytes = Buffer.byteLength(held)
  if (bytes > longestUserIdBytes) {
    findings.error(
      'USER_ID_TOO_LONG',
      `The user ID in the token has ${bytes} bytes; Signaling takes at most ${longestUserIdBytes}.`,
    )
  }

  if (userId === undefined) {
    findings.info(
      'USER_ID_UNCHECKED',
      `No user ID was given; the token is for user ${quote(held, appCertificates)} and for nobody else.`,
    )
    return
  }
  if (typeof userId !== 'string') {
    findings.warning(
      'USER_ID_NOT_TEXT',
      `The user ID given is ${typeof userId === 'number' ? 'a number' : describe(userId)}; Signaling user IDs are text. Pass String(userId).`,
    )
    if (typeof userId !== 'number') return
  }
  const given = String(userId)
  if (given !== held) {
    findings.error(
      'USER_ID_MISMATCH',
      `The token is for user ${quote(held, appCertificates)}, and not for ${quote(given, appCertificates)}${explainDifference(given, held)}. ` +
        'Build it for the user who presents it.',
    )
  }
}
