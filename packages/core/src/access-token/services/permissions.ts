import { AgoraValidationError } from '../../errors.js'
import { describe, isRecord } from '../../input/describe.js'
import { isUint16 } from '../../input/integer.js'
import { requireText } from '../../input/text.js'
import type { PayloadReader, PayloadWriter } from '../format/payload.js'
import { anyText } from './field.js'
import type { Codec } from './field.js'
import { listedTwice } from './privileges.js'

/** What the holder may do with some resources of one kind. */
export interface Rtm2Permission {
  /** 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users. */
  readonly resourceType: number
  /** 0 read, 1 write. */
  readonly permissionType: number
  /** Names of the resources. */
  readonly resources: readonly string[]
}

/** On the wire, permissions are grouped by the kind of resource. Both levels are in ascending order. */
export const permissionsCodec: Codec<readonly Rtm2Permission[]> = { read, write }

/**
 * Checks permissions and copies them, in the order of the wire.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_SERVICE`
 */
export function requirePermissions(value: unknown, argument: string): readonly Rtm2Permission[] {
  if (!Array.isArray(value)) throw invalid(argument, `must be an array, got ${describe(value)}`)
  const permissions = Array.from(value, (permission: unknown, index) =>
    requirePermission(permission, `${argument}[${index}]`),
  ).toSorted(
    (left, right) => left.resourceType - right.resourceType || left.permissionType - right.permissionType,
  )
  for (const [index, { resourceType, permissionType }] of permissions.entries()) {
    const next = permissions[index + 1]
    if (next?.resourceType === resourceType && next.permissionType === permissionType) {
      throw invalid(
        argument,
        `names permission ${permissionType} for resource type ${resourceType} twice: put the resources into one entry`,
      )
    }
  }
  return permissions
}

function requirePermission(value: unknown, argument: string): Rtm2Permission {
  if (!isRecord(value)) throw invalid(argument, `must be an object, got ${describe(value)}`)
  const { resourceType, permissionType, resources } = value
  if (!isUint16(resourceType)) {
    throw invalid(`${argument}.resourceType`, `must be a number from 0 to 4, got ${describe(resourceType)}`)
  }
  if (!isUint16(permissionType)) {
    throw invalid(
      `${argument}.permissionType`,
      `must be 0 (read) or 1 (write), got ${describe(permissionType)}`,
    )
  }
  if (!Array.isArray(resources) || resources.length > 0xffff) {
    throw invalid(`${argument}.resources`, 'must be an array of at most 65535 names')
  }
  return {
    resourceType,
    permissionType,
    resources: Array.from(resources, (resource: unknown, index) =>
      requireText(resource, `${argument}.resources[${index}]`, anyText),
    ),
  }
}

function write(writer: PayloadWriter, permissions: readonly Rtm2Permission[]): void {
  const byResourceType = new Map<number, Rtm2Permission[]>()
  for (const permission of permissions) {
    const group = byResourceType.get(permission.resourceType)
    if (group === undefined) byResourceType.set(permission.resourceType, [permission])
    else group.push(permission)
  }
  writer.u16(byResourceType.size)
  for (const [resourceType, group] of byResourceType) {
    writer.u16(resourceType)
    writer.u16(group.length)
    for (const { permissionType, resources } of group) {
      writer.u16(permissionType)
      writer.u16(resources.length)
      for (const resource of resources) writer.text(resource)
    }
  }
}

function read(reader: PayloadReader): Rtm2Permission[] {
  const permissions: Rtm2Permission[] = []
  const seen = new Set<string>()
  for (let groups = reader.u16('a resource type count'); groups > 0; groups -= 1) {
    const resourceType = reader.u16('a resource type')
    for (let count = reader.u16('a permission count'); count > 0; count -= 1) {
      const permissionType = reader.u16('a permission type')
      const key = `${resourceType}:${permissionType}`
      if (seen.has(key)) throw listedTwice(`permission ${permissionType} of resource type ${resourceType}`)
      seen.add(key)
      permissions.push({ resourceType, permissionType, resources: readResources(reader) })
    }
  }
  return permissions
}

function readResources(reader: PayloadReader): string[] {
  const resources: string[] = []
  for (let count = reader.u16('a resource count'); count > 0; count -= 1) {
    resources.push(reader.text('a resource name'))
  }
  return resources
}

function invalid(argument: string, problem: string): AgoraValidationError {
  return new AgoraValidationError('ERR_INVALID_SERVICE', argument, `${argument} ${problem}.`)
}
