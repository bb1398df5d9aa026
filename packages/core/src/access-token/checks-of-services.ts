import type { CheckOutcome, Expectations } from './check.js'
import { privilegeEndSeconds, tokenEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2, ReadToken } from './parse.js'
import { meetRequirement, servicesFor } from './requirement.js'
import { serviceKind, ServiceType } from './services/service-type.js'
import type { AccessToken2Service } from './services/service-type.js'
import { describeDuration, describeTime, explainDifference, quote } from './wording.js'

/*
 * The checks of what is required of a token: the service, whom it is for, the privilege.
 */

export function checkService({ parsed }: ReadToken, { required }: Expectations): CheckOutcome {
  if (required === undefined) return 'skipped'
  if (parsed.services.some(({ type }) => type === required.type)) return 'passed'
  return {
    code: 'ERR_TOKEN_SERVICE',
    finding: 'RTM_SERVICE_MISSING',
    message: describeMissingService(parsed, serviceKind(required.type).name),
    explain: () => explainMissingRtm(parsed),
  }
}

function describeMissingService(token: ParsedAccessToken2, wanted: string): string {
  const held = namesOfServices(token)
  const unread =
    token.unreadServiceType === undefined
      ? ''
      : ` Reading stopped at a service with the unknown number ${token.unreadServiceType}. What follows it could not be read.`
  return `The token holds no ${wanted} service; it holds ${held.length === 0 ? 'none that can be read' : held.join(', ')}.${unread}`
}

function explainMissingRtm(token: ParsedAccessToken2): string {
  const names = namesOfServices(token)
  const [name] = names
  if (name === undefined) return 'The token holds no service that can be read; Signaling needs RTM.'
  const held =
    names.length === 1
      ? `${soundsLikeVowel(name) ? 'an' : 'a'} ${name} service only`
      : `${new Intl.ListFormat('en').format(names)} services only`
  const types = new Set(token.services.map(({ type }) => type))
  const hint = types.has(ServiceType.Rtm2)
    ? ' RTM2 (number 8) is not RTM (number 2): Agora takes it only where it has switched it on.'
    : types.has(ServiceType.Rtc)
      ? ' RtcTokenBuilder and the temporary tokens of the Console make RTC tokens.'
      : ''
  return `The token holds ${held}; Signaling needs RTM.${hint} Build it with buildSignalingToken().`
}

function namesOfServices({ services }: ParsedAccessToken2): readonly string[] {
  return [...new Set(services.map(({ type }) => serviceKind(type).name))]
}

/** Whether "an" goes before a name. Capitals are spelled out: an RTC, an FPA, but a Chat, a ConvoAI. */
function soundsLikeVowel(name: string): boolean {
  return /^(?:[AEFHILMNORSX][A-Z]|[AEIO])/.test(name)
}

export function checkSubject(
  { parsed }: ReadToken,
  { required, appCertificates }: Expectations,
): CheckOutcome {
  if (required === undefined) return 'skipped'
  const { type, userId } = required
  if (!parsed.services.some((service) => service.type === type)) return 'skipped'
  const kind = serviceKind(type)
  const candidates = servicesFor(parsed, required)
  const [candidate] = candidates
  if (candidate === undefined) {
    return {
      code: 'ERR_TOKEN_SUBJECT',
      finding: 'CHANNEL_MISMATCH',
      message: `The token holds no ${kind.name} service for the channel required.`,
    }
  }
  // Readers differ in which of two services they read. It is not certain whom the token is for, so nobody may use it.
  if (!haveOneSubject(candidates)) {
    return {
      code: 'ERR_TOKEN_SUBJECT',
      finding: 'USER_ID_AMBIGUOUS',
      message: `The token holds several ${kind.name} services for different users or channels, so it is not clear whom it is for.`,
    }
  }
  const held = kind.subjectOf(candidate).userId
  if (held === undefined) {
    if (userId === undefined) return 'passed'
    return {
      code: 'ERR_TOKEN_SUBJECT',
      finding: 'USER_ID_MISMATCH',
      message: `The ${kind.name} service of the token names no user.`,
    }
  }
  if (kind.isImpossibleUser(held)) return impossibleUser(held, userId, appCertificates)
  if (userId === undefined || held === userId || kind.isForAnyUser(held)) return 'passed'
  return {
    code: 'ERR_TOKEN_SUBJECT',
    finding: 'USER_ID_MISMATCH',
    message:
      `The ${kind.name} service of the token is for user ${quote(held, appCertificates)}, and not for ` +
      `${quote(userId, appCertificates)}${explainDifference(userId, held)}. Build it for the user who presents it.`,
  }
}

/** Whether no Signaling user can have this ID: it is empty or too long. */
function impossibleUser(held: string, userId: string | undefined, secrets: readonly string[]): CheckOutcome {
  if (held !== '') {
    return {
      code: 'ERR_TOKEN_SUBJECT',
      finding: 'USER_ID_TOO_LONG',
      message: `The user ID in the token has ${Buffer.byteLength(held)} bytes. Signaling takes at most 64.`,
    }
  }
  const expected = userId === undefined ? '' : `, and not ${quote(userId, secrets)}`
  return {
    code: 'ERR_TOKEN_SUBJECT',
    finding: 'USER_ID_EMPTY',
    message: `The user ID in the token is empty${expected}: an empty user ID stands for nobody. It was undefined or empty where the token was built.`,
  }
}

/** Whether several services are all for the same user and place. */
export function haveOneSubject(services: readonly AccessToken2Service[]): boolean {
  if (services.length < 2) return true
  const [first, ...others] = services.map((service) => serviceKind(service.type).subjectOf(service))
  return others.every(
    ({ userId, channelName }) => userId === first?.userId && channelName === first?.channelName,
  )
}

export function checkPrivilege({ parsed }: ReadToken, { required, nowSeconds }: Expectations): CheckOutcome {
  if (required?.privilege === undefined) return 'skipped'
  const candidates = servicesFor(parsed, required)
  if (candidates.length === 0) return 'skipped'
  if (meetRequirement(parsed, required, nowSeconds) !== undefined) return 'passed'
  const { type, privilege } = required
  const kind = serviceKind(type)
  const lifetimes = candidates.flatMap(({ privileges }) => privileges[privilege] ?? [])
  if (lifetimes.length === 0) {
    return {
      code: 'ERR_TOKEN_PRIVILEGE',
      finding: 'LOGIN_PRIVILEGE_MISSING',
      message: `The ${kind.name} service of the token does not grant ${kind.privilegeName(privilege)}.`,
    }
  }
  // A privilege never outlives its token. The check of the lifetime reports a token that is over.
  if (nowSeconds >= tokenEndSeconds(parsed)) return 'skipped'
  const endSeconds = Math.max(...lifetimes.map((ttlSeconds) => privilegeEndSeconds(parsed, ttlSeconds)))
  return {
    code: 'ERR_TOKEN_EXPIRED',
    finding: 'LOGIN_PRIVILEGE_EXPIRED',
    message:
      `The token is still good, but its ${kind.privilegeName(privilege)} expired ` +
      `${describeDuration(nowSeconds - endSeconds)} ago (${describeTime(endSeconds)}). Issue a new one.`,
  }
}
