import type { Rtm2Permission } from '../access-token/services/permissions.js'
import { requirePermissions } from '../access-token/services/permissions.js'
import { AgoraValidationError } from '../errors.js'
import { describe, isRecord } from '../input/describe.js'
import { requireWholeNumber } from './arguments.js'

/** What the holder of a token may do with single channels and users. */
export class Rtm2Permissions {
  static readonly kMessageChannels: number = 0
  static readonly kStreamChannels: number = 1
  static readonly kGroupChannels: number = 2
  static readonly kServerGroups: number = 3
  static readonly kUsers: number = 4
  static readonly kRead: number = 0
  static readonly kWrite: number = 1

  /** Resource type → permission type → names. */
  details: { [resourceType: number]: { [permissionType: number]: string[] } } = {}

  /**
   * Sets the resources of one type and permission. It replaces those that were added before.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  add(resourceType: number, permissionType: number, resources: Iterable<string>): void {
    const resource = requireWholeNumber(resourceType, 'resourceType', 0, 0xffff)
    const permission = requireWholeNumber(permissionType, 'permissionType', 0, 0xffff)
    const permissions = (this.details[resource] ??= {})
    permissions[permission] = listNames(resources)
  }
}

function listNames(resources: unknown): string[] {
  // A text is iterable, too: its characters would become the names.
  if (isIterable(resources)) return Array.from(resources)
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'resources',
    `resources must be an array of names, got ${describe(resources)}.`,
  )
}

/** The names themselves are checked when the token is built, since `details` may be changed until then. */
function isIterable(value: unknown): value is Iterable<string> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/**
 * Permissions as a token holds them. Those of the official package are taken, too.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_SERVICE`
 */
export function listPermissions(permissions: unknown, argument: string): readonly Rtm2Permission[] {
  if (permissions === undefined || permissions === null) return []
  const details = isRecord(permissions) ? permissions['details'] : undefined
  if (!isRecord(details)) {
    throw new AgoraValidationError(
      'ERR_INVALID_SERVICE',
      argument,
      `${argument} must be made with new Rtm2Permissions(), got ${describe(permissions)}.`,
    )
  }
  const listed = Object.entries(details).flatMap(([resourceType, group]) =>
    Object.entries(isRecord(group) ? group : {}).map(([permissionType, resources]) => ({
      resourceType: Number(resourceType),
      permissionType: Number(permissionType),
      resources,
    })),
  )
  return requirePermissions(listed, argument)
}
