import { describe, isRecord } from '../input/describe.js'
import { placeholderProblem } from '../input/placeholder.js'
import { looksLikePointInTime, maxTtlSeconds } from '../input/times.js'
import { isFailure } from './check.js'
import type { CheckOutcome, Expectations, TokenCheckName } from './check.js'
import { haveOneSubject } from './checks-of-services.js'
import { checks } from './checks.js'
import { tokenEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2, ReadToken } from './parse.js'
import { servicesFor } from './requirement.js'
import type { CheckedRequirement } from './requirement.js'
import type { Findings, TokenFindingCode } from './token-report.js'
import { describeDuration, quote } from './wording.js'

/*
 * Judges the content of a token for a Signaling login or REST call. The checks give the errors. The remarks give the
 * rest: suspicious values that a verifier accepts, and checks that were skipped.
 */

/** What the token is compared with. `givenUserId` is what the caller passed, which need not be text. */
export interface InspectedExpectations extends Expectations {
  readonly required: CheckedRequirement
  readonly givenUserId: unknown
}

export function inspectContent(token: ReadToken, expected: InspectedExpectations, findings: Findings): void {
  for (const { name, run } of checks) {
    const outcome = run(token, expected)
    remarks[name]?.(token.parsed, expected, findings, outcome)
    if (isFailure(outcome)) {
      const message = outcome.explain?.() ?? outcome.message
      findings.error(outcome.finding, message + (namesOfClients[outcome.finding] ?? ''))
    }
  }
}

const invalidToken =
  ' Clients report this as "invalid token": error 110, or LOGIN_ERR_INVALID_TOKEN (5) in Signaling 1.x.'

/** How client SDKs name a refusal. People search for these words. */
const namesOfClients: Readonly<Partial<Record<TokenFindingCode, string>>> = {
  SIGNATURE_MISMATCH: invalidToken,
  APP_ID_MISMATCH: invalidToken,
  RTM_SERVICE_MISSING: invalidToken,
  USER_ID_MISMATCH: invalidToken,
  EXPIRED: ' Clients report this as "token expired": error 109.',
}

type Remark = (
  token: ParsedAccessToken2,
  expected: InspectedExpectations,
  findings: Findings,
  outcome: CheckOutcome,
) => void

/** The remarks that go with each check. */
const remarks: Readonly<Partial<Record<TokenCheckName, Remark>>> = {
  signature: (_token, _expected, findings, outcome) => {
    if (outcome !== 'skipped') return
    findings.warning(
      'SIGNATURE_UNCHECKED',
      'No app certificate was given, so the signature was not checked: nothing here proves that the token is genuine.',
    )
  },
  appId: (_token, _expected, findings, outcome) => {
    if (outcome !== 'skipped') return
    findings.info('APP_ID_UNCHECKED', 'No App ID was given, so the one in the token was not compared.')
  },
  issueTime: remarkOnClock,
  lifetime: remarkOnLifetime,
  service: ({ unreadServiceType }, _expected, findings) => {
    if (unreadServiceType === undefined) return
    findings.warning(
      'UNKNOWN_SERVICE',
      `The token holds a service with the unknown number ${unreadServiceType}. It, and all that follows it, could not be read.`,
    )
  },
  subject: remarkOnUserId,
  privilege: (token, { required }, findings) => {
    const lifetimes = servicesFor(token, required).flatMap(
      ({ privileges }) => privileges[required.privilege ?? 0] ?? [],
    )
    const longest = lifetimes.includes(0) ? 0 : Math.max(0, ...lifetimes)
    remarkOnLongTtl(longest, 'The lifetime of the login privilege', findings)
  },
}

function remarkOnClock(
  { issuedAtSeconds }: ParsedAccessToken2,
  { nowSeconds }: InspectedExpectations,
  findings: Findings,
  outcome: CheckOutcome,
): void {
  const aheadSeconds = issuedAtSeconds - nowSeconds
  if (outcome !== 'passed' || aheadSeconds < 1) return
  findings.warning(
    'CLOCK_AHEAD',
    `The token was issued ${describeDuration(aheadSeconds)} ahead of the clock here: one of the two machines is off. ` +
      'A token that is refused at first and good later comes from that.',
  )
}

function remarkOnLifetime(
  token: ParsedAccessToken2,
  { nowSeconds }: InspectedExpectations,
  findings: Findings,
  outcome: CheckOutcome,
): void {
  remarkOnLongTtl(token.ttlSeconds, 'The lifetime of the token', findings)
  const leftSeconds = tokenEndSeconds(token) - nowSeconds
  // If the issuer's clock is ahead, the token may be new and only look short. Then there is no warning.
  if (outcome === 'passed' && leftSeconds < 60 && token.issuedAtSeconds - nowSeconds < 1) {
    findings.warning('EXPIRES_SOON', `The token expires in ${describeDuration(leftSeconds)}.`)
  }
}

function remarkOnLongTtl(ttlSeconds: number, what: string, findings: Findings): void {
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

function remarkOnUserId(
  token: ParsedAccessToken2,
  { required, givenUserId, appCertificates }: InspectedExpectations,
  findings: Findings,
): void {
  const logins = servicesFor(token, required)
  const held = userIdIn(logins[0])
  if (held === undefined || !haveOneSubject(logins)) return
  const lost = placeholderProblem(held)
  if (lost !== undefined) {
    findings.warning('USER_ID_PLACEHOLDER', `The user ID in the token ${lost}.`)
  } else if (held !== held.trim()) {
    findings.warning(
      'USER_ID_WHITE_SPACE',
      `The user ID in the token, ${quote(held, appCertificates)}, has surrounding white space.`,
    )
  }

  if (givenUserId === undefined) {
    findings.info(
      'USER_ID_UNCHECKED',
      `No user ID was given; the token is for user ${quote(held, appCertificates)} and for nobody else.`,
    )
  } else if (typeof givenUserId !== 'string') {
    findings.warning(
      'USER_ID_NOT_TEXT',
      `The user ID given is ${typeof givenUserId === 'number' ? 'a number' : describe(givenUserId)}; Signaling user IDs are text. Pass String(userId).`,
    )
  } else {
    const lostHere = placeholderProblem(givenUserId)
    if (lostHere !== undefined) findings.warning('USER_ID_PLACEHOLDER', `The user ID given ${lostHere}.`)
  }
}

function userIdIn(service: unknown): string | undefined {
  const userId = isRecord(service) ? service['userId'] : undefined
  return typeof userId === 'string' ? userId : undefined
}
