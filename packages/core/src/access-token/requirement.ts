import { AgoraTokenError, AgoraValidationError } from '../errors.js'
import { checkRecord, describe, isIntegerWithin } from './arguments.js'
import { describeDuration, describeTime, privilegeEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2 } from './parse.js'
import { isServiceType, privilegeName, serviceName, ServiceType } from './service-types.js'
import type { AccessToken2Service, AccessToken2ServiceType } from './service-types.js'
import { explainDifference, haveOneSubject, quote, subjectOf } from './subject.js'

/** What a token must be good for. What is left out is not checked. */
export interface TokenRequirement {
  /** The service that must be in the token. */
  readonly type: AccessToken2ServiceType
  /** A privilege of that service that must not be over: 1 is login for RTM, join for RTC. */
  readonly privilege?: number | undefined
  /**
   * Who presents the token: compared exactly with the user ID of the service, the account of RTC, Streaming and
   * FCDN, the user UUID of APaaS. An RTC service with an empty account is for any user; nothing else is a wildcard,
   * and an RTM or RTM2 service with an empty user ID is for nobody.
   *
   * Leave the property out to accept any user. One that is there but `undefined` is refused: that is what a lost
   * session or a missing header looks like, and skipping the check would let everyone pass.
   */
  readonly userId?: string
  /** The channel of RTC, Streaming and FCDN or the room of APaaS: compared exactly, an empty one is no wildcard. */
  readonly channelName?: string | undefined
}

/** What was found: the part of the verified token that the requirement adds. */
export interface MetRequirement {
  readonly service: AccessToken2Service
  readonly privilegeExpiresAtSeconds?: number
}

/** A requirement after its check: every property there, `undefined` for what is not asked. */
export interface CheckedRequirement {
  readonly type: AccessToken2ServiceType
  readonly privilege: number | undefined
  readonly userId: string | undefined
  readonly channelName: string | undefined
}

/**
 * Checks what a caller requires.
 *
 * @throws {AgoraValidationError} naming the property, `require.userId`.
 */
export function checkRequirement(value: unknown): CheckedRequirement {
  const given = checkRecord(value, 'require')
  const { type, privilege, userId, channelName } = given
  if (!isServiceType(type)) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'require.type',
      `require.type must be a service number from 1 to 10, got ${describe(type)}.`,
    )
  }
  if (privilege !== undefined && !isIntegerWithin(privilege, 0, 0xffff)) {
    throw invalidRequirement('privilege', 'a privilege number', privilege)
  }
  if (typeof userId !== 'string' && (userId !== undefined || 'userId' in given)) {
    throw invalidRequirement('userId', 'a string', userId)
  }
  if (channelName !== undefined && typeof channelName !== 'string') {
    throw invalidRequirement('channelName', 'a string', channelName)
  }
  return { type, privilege, userId, channelName }
}

function invalidRequirement(field: string, expected: string, value: unknown): AgoraValidationError {
  return new AgoraValidationError(
    field === 'userId' ? 'ERR_INVALID_USER_ID' : 'ERR_INVALID_ARGUMENT',
    `require.${field}`,
    `require.${field} must be ${expected}, got ${describe(value)}. Leave the property out to not check it.`,
  )
}

/**
 * Finds the service that meets a requirement.
 *
 * @throws {AgoraTokenError} `ERR_TOKEN_SERVICE`, `ERR_TOKEN_SUBJECT`, `ERR_TOKEN_PRIVILEGE`, `ERR_TOKEN_EXPIRED`
 */
export function findRequiredService(
  token: ParsedAccessToken2,
  requirement: CheckedRequirement,
  nowSeconds: number,
): MetRequirement {
  const { type, userId, channelName, privilege } = requirement
  const name = serviceName(type)
  const ofType = token.services.filter((service) => service.type === type)
  if (ofType.length === 0) {
    throw new AgoraTokenError('ERR_TOKEN_SERVICE', describeMissingService(token, name))
  }
  const candidates =
    channelName === undefined
      ? ofType
      : ofType.filter((service) => subjectOf(service).channelName === channelName)
  const candidate = candidates[0]
  if (candidate === undefined) {
    throw new AgoraTokenError(
      'ERR_TOKEN_SUBJECT',
      `The token holds no ${name} service for the channel required.`,
    )
  }
  // Readers differ in which of two services they take, so the token names nobody for certain: not even a user
  // that it lists may use it.
  if (!haveOneSubject(candidates)) {
    throw new AgoraTokenError(
      'ERR_TOKEN_SUBJECT',
      `The token holds several ${name} services for different users or channels, so it is not clear whom it is for.`,
    )
  }
  if (userId !== undefined) checkUser(candidate, userId)
  if (privilege === undefined) return { service: candidate }
  return findPrivilege(token, candidates, type, privilege, nowSeconds)
}

function describeMissingService(token: ParsedAccessToken2, wanted: string): string {
  const unread =
    token.unreadServiceType === undefined
      ? ''
      : ` Reading stopped at a service with the unknown number ${token.unreadServiceType}; what follows it could not be read.`
  const held = [...new Set(token.services.map(({ type }) => serviceName(type)))].join(', ')
  return `The token holds no ${wanted} service; it holds ${held === '' ? 'none that can be read' : held}.${unread}`
}

function checkUser(service: AccessToken2Service, expected: string): void {
  const { userId: held } = subjectOf(service)
  if (service.type === ServiceType.Rtc && held === '') return
  const name = serviceName(service.type)
  if (held === undefined) {
    throw new AgoraTokenError('ERR_TOKEN_SUBJECT', `The ${name} service of the token names no user.`)
  }
  // Signaling has no nameless user. The two empty IDs would match, and each stands for a name that got lost.
  const isNameless = held === '' && (service.type === ServiceType.Rtm || service.type === ServiceType.Rtm2)
  if (held === expected && !isNameless) return
  throw new AgoraTokenError(
    'ERR_TOKEN_SUBJECT',
    `The ${name} service of the token is for user ${quote(held)}, and not for ${quote(expected)}${explainDifference(expected, held)}.`,
  )
}

/** The first of the services, all for one subject, that grants a privilege which is not over. */
function findPrivilege(
  token: ParsedAccessToken2,
  candidates: readonly AccessToken2Service[],
  type: AccessToken2ServiceType,
  privilege: number,
  nowSeconds: number,
): MetRequirement {
  let lastEndSeconds: number | undefined
  for (const service of candidates) {
    const ttlSeconds = service.privileges[privilege]
    if (ttlSeconds === undefined) continue
    lastEndSeconds = privilegeEndSeconds(token, ttlSeconds)
    if (nowSeconds < lastEndSeconds) return { service, privilegeExpiresAtSeconds: lastEndSeconds }
  }
  throw privilegeRefused(privilegeName(type, privilege), lastEndSeconds, nowSeconds)
}

function privilegeRefused(
  privilege: string,
  endedAtSeconds: number | undefined,
  nowSeconds: number,
): AgoraTokenError {
  if (endedAtSeconds === undefined) {
    return new AgoraTokenError('ERR_TOKEN_PRIVILEGE', `The token does not grant ${privilege}.`)
  }
  return new AgoraTokenError(
    'ERR_TOKEN_EXPIRED',
    `The token is still good, but its ${privilege} expired ${describeDuration(nowSeconds - endedAtSeconds)} ago ` +
      `(${describeTime(endedAtSeconds)}). Issue a new one.`,
  )
}
