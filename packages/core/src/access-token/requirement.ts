import { AgoraValidationError } from '../errors.js'
import { describe, isRecord } from '../input/describe.js'
import { isUint16 } from '../input/integer.js'
import { checkOptions } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import { privilegeEndSeconds } from './lifetime.js'
import type { ParsedAccessToken2 } from './parse.js'
import { isServiceType, serviceKind } from './services/service-type.js'
import type { AccessToken2Service, AccessToken2ServiceType } from './services/service-type.js'

/** What a token must be good for. What is left out is not checked. */
export interface TokenRequirement {
  /** The service that must be in the token. */
  readonly type: AccessToken2ServiceType
  /** A privilege of that service that must not be over: 1 is login for RTM, join for RTC. */
  readonly privilege?: number | undefined
  /**
   * Who presents the token. It is compared exactly with the user ID of the service: the account of RTC, Streaming and
   * FCDN, the user UUID of APaaS. An RTC service with an empty account is for any user. Nothing else is a wildcard.
   * An RTM or RTM2 service with an empty user ID is for nobody.
   *
   * Leave the property out to accept any user. A property that is there but `undefined` is refused: a lost session or
   * a missing header looks like that, and skipping the check would let everyone pass.
   */
  readonly userId?: string
  /**
   * The channel of RTC, Streaming and FCDN, or the room of APaaS. It is compared exactly: an empty one is no wildcard.
   */
  readonly channelName?: string | undefined
}

/** A requirement after its check. Every property is there; `undefined` means that nothing is required. */
export interface CheckedRequirement {
  readonly type: AccessToken2ServiceType
  readonly privilege: number | undefined
  readonly userId: string | undefined
  readonly channelName: string | undefined
}

const options = {
  type: checkedByItsOwner,
  privilege: checkedByItsOwner,
  userId: checkedByItsOwner,
  channelName: checkedByItsOwner,
}

/**
 * Checks what a caller requires.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a property that does not exist.
 * @throws {AgoraValidationError} naming the property, `require.userId`.
 */
export function checkRequirement(value: unknown): CheckedRequirement {
  if (!isRecord(value)) {
    throw new AgoraValidationError(
      'ERR_INVALID_ARGUMENT',
      'require',
      `require must be an object, got ${describe(value)}.`,
    )
  }
  checkOptions<object>('require of verifyAccessToken2()', value, options)
  const { type, privilege, userId, channelName } = value
  if (!isServiceType(type)) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      'require.type',
      `require.type must be one of the numbers in ServiceType, got ${describe(type)}.`,
    )
  }
  if (privilege !== undefined && !isUint16(privilege)) {
    throw invalidRequirement('privilege', 'a privilege number', privilege)
  }
  if (typeof userId !== 'string' && (userId !== undefined || 'userId' in value)) {
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

/** The services of a token that have the type and the channel that are required. */
export function servicesFor(
  { services }: ParsedAccessToken2,
  { type, channelName }: CheckedRequirement,
): readonly AccessToken2Service[] {
  return services.filter(
    (service) =>
      service.type === type &&
      (channelName === undefined || serviceKind(type).subjectOf(service).channelName === channelName),
  )
}

/** What meets a requirement. */
export interface MetRequirement {
  readonly service: AccessToken2Service
  /** Absent when no privilege is required. */
  readonly privilegeExpiresAtSeconds?: number
}

/** The first service that grants what is required and has not expired; `undefined` if there is none. */
export function meetRequirement(
  token: ParsedAccessToken2,
  required: CheckedRequirement,
  nowSeconds: number,
): MetRequirement | undefined {
  for (const service of servicesFor(token, required)) {
    if (required.privilege === undefined) return { service }
    const ttlSeconds = service.privileges[required.privilege]
    if (ttlSeconds === undefined) continue
    const privilegeExpiresAtSeconds = privilegeEndSeconds(token, ttlSeconds)
    if (nowSeconds < privilegeExpiresAtSeconds) return { service, privilegeExpiresAtSeconds }
  }
  return undefined
}
