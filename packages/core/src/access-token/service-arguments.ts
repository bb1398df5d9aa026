import { AgoraValidationError } from '../errors.js'
import { checkRecord, checkText, checkTtl, describe, isIntegerWithin, isRecord } from './arguments.js'
import type { TextRule } from './arguments.js'
import { isServiceType, maxServices, ServiceType } from './service-types.js'
import type { AccessToken2Service, Rtm2Permission, ServicePrivileges } from './service-types.js'

// Lengths as Agora documents them: channel names and Signaling user IDs 64 bytes, RTC accounts 255.
const signalingUser: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 1, maxBytes: 64 }
const account: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 0, maxBytes: 255 }
const channel: TextRule = { code: 'ERR_INVALID_CHANNEL', minBytes: 0, maxBytes: 64 }
// No page gives a length for these. The wire format has 16 bits for it.
const chatUser: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 1, maxBytes: 0xffff }
const anyUser: TextRule = { code: 'ERR_INVALID_USER_ID', minBytes: 0, maxBytes: 0xffff }
const anyText: TextRule = { code: 'ERR_INVALID_SERVICE', minBytes: 0, maxBytes: 0xffff }

const chatAppPrivilege = 2

/** The user of a Signaling token: 1 to 64 bytes, never empty, for an empty one would be nobody. */
export function checkSignalingUserId(value: unknown, argument: string): string {
  return checkText(value, argument, signalingUser)
}

/**
 * An RTC account as text. A numeric uid becomes its decimal text, and 0 the empty text, which stands for any user.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`
 */
export function accountText(value: unknown, argument: string): string {
  if (typeof value !== 'number') return checkText(value, argument, account)
  if (isIntegerWithin(value, 0, 0xffff_ffff)) return value === 0 ? '' : String(value)
  throw new AgoraValidationError(
    'ERR_INVALID_USER_ID',
    argument,
    `${argument} as a number must be a whole number from 0 to 4294967295, got ${describe(value)}.`,
  )
}

/**
 * Checks the services of a token and copies them: each property is read once, so what was checked is what is
 * signed. The copies are in the order of the wire, which is ascending by type and stable.
 *
 * @throws {AgoraValidationError} naming the property, `services[1].privileges[1]`.
 */
export function checkServices(value: unknown): AccessToken2Service[] {
  if (!Array.isArray(value) || value.length === 0) {
    const got = Array.isArray(value) ? 'an empty array' : describe(value)
    throw invalidService('services', `must be an array of at least one service, got ${got}`)
  }
  if (value.length > maxServices) {
    throw invalidService('services', `must hold at most ${maxServices} services, got ${value.length}`)
  }
  return Array.from(value, (service: unknown, index) => checkService(service, `services[${index}]`)).toSorted(
    (left, right) => left.type - right.type,
  )
}

function checkService(value: unknown, argument: string): AccessToken2Service {
  const fields = checkRecord(value, argument)
  const type = fields['type']
  if (!isServiceType(type)) {
    throw invalidService(`${argument}.type`, `must be a service number from 1 to 10, got ${describe(type)}`)
  }
  const privileges = checkPrivileges(fields['privileges'], `${argument}.privileges`)

  switch (type) {
    case ServiceType.Rtc:
    case ServiceType.Streaming:
    case ServiceType.Fcdn:
      return {
        type,
        privileges,
        channelName: checkText(fields['channelName'], `${argument}.channelName`, channel),
        account: accountText(fields['account'], `${argument}.account`),
      }
    case ServiceType.Rtm:
      return { type, privileges, userId: checkSignalingUserId(fields['userId'], `${argument}.userId`) }
    case ServiceType.Rtm2:
      return {
        type,
        privileges,
        userId: checkSignalingUserId(fields['userId'], `${argument}.userId`),
        permissions: checkPermissions(fields['permissions'], `${argument}.permissions`),
      }
    case ServiceType.Chat: {
      const forApp = privileges[chatAppPrivilege] !== undefined
      return {
        type,
        privileges,
        userId: checkText(fields['userId'], `${argument}.userId`, forApp ? anyUser : chatUser),
      }
    }
    case ServiceType.Apaas:
      return {
        type,
        privileges,
        roomUuid: checkText(fields['roomUuid'], `${argument}.roomUuid`, anyText),
        userUuid: checkText(fields['userUuid'], `${argument}.userUuid`, anyUser),
        role: checkRole(fields['role'], `${argument}.role`),
      }
    case ServiceType.Fpa:
    case ServiceType.ConvoAi:
    case ServiceType.Stt:
      break
  }
  return { type, privileges }
}

function checkPrivileges(value: unknown, argument: string): ServicePrivileges {
  // A Map is an object without keys of its own: it would pass as a service that grants nothing.
  if (!isRecord(value) || value instanceof Map) {
    const got = value instanceof Map ? 'a Map' : describe(value)
    throw invalidService(argument, `must be an object such as { 1: 3600 }, got ${got}`)
  }
  const privileges: Record<number, number> = {}
  // Objects list integer keys in ascending order by themselves, and the copy does too when it is written.
  for (const key of Object.keys(value)) {
    const privilege = Number(key)
    if (!isUint16(privilege) || String(privilege) !== key) {
      throw invalidService(argument, 'must have privilege numbers from 0 to 65535 as its keys')
    }
    privileges[privilege] = checkTtl(value[key], `${argument}[${key}]`, 0)
  }
  return privileges
}

function checkPermissions(value: unknown, argument: string): Rtm2Permission[] {
  if (!Array.isArray(value)) throw invalidService(argument, `must be an array, got ${describe(value)}`)
  const permissions = Array.from(value, (permission: unknown, index) =>
    checkPermission(permission, `${argument}[${index}]`),
  ).toSorted(
    (left, right) => left.resourceType - right.resourceType || left.permissionType - right.permissionType,
  )
  for (const [index, { resourceType, permissionType }] of permissions.entries()) {
    const next = permissions[index + 1]
    if (next?.resourceType === resourceType && next.permissionType === permissionType) {
      throw invalidService(
        argument,
        `names permission ${permissionType} for resource type ${resourceType} twice: put the resources into one entry`,
      )
    }
  }
  return permissions
}

function checkPermission(value: unknown, argument: string): Rtm2Permission {
  const { resourceType, permissionType, resources } = checkRecord(value, argument)
  if (!isUint16(resourceType)) {
    throw invalidService(
      `${argument}.resourceType`,
      `must be a number from 0 to 4, got ${describe(resourceType)}`,
    )
  }
  if (!isUint16(permissionType)) {
    throw invalidService(
      `${argument}.permissionType`,
      `must be 0 (read) or 1 (write), got ${describe(permissionType)}`,
    )
  }
  if (!Array.isArray(resources) || resources.length > 0xffff) {
    throw invalidService(`${argument}.resources`, 'must be an array of at most 65535 names')
  }
  return {
    resourceType,
    permissionType,
    resources: Array.from(resources, (resource: unknown, index) =>
      checkText(resource, `${argument}.resources[${index}]`, anyText),
    ),
  }
}

function checkRole(value: unknown, argument: string): number {
  if (isIntegerWithin(value, -0x8000, 0x7fff)) return value
  throw invalidService(argument, `must be a whole number from -32768 to 32767, got ${describe(value)}`)
}

function isUint16(value: unknown): value is number {
  return isIntegerWithin(value, 0, 0xffff)
}

function invalidService(argument: string, problem: string): AgoraValidationError {
  return new AgoraValidationError('ERR_INVALID_SERVICE', argument, `${argument} ${problem}.`)
}
