import { AgoraTokenError } from '../errors.js'
import type { PayloadReader, PayloadWriter } from './payload.js'
import { ServiceType } from './service-types.js'
import type {
  AccessToken2Service,
  AccessToken2ServiceType,
  Rtm2Permission,
  ServicePrivileges,
} from './service-types.js'

/*
 * The wire form of one service: its number, the map of privileges, the fields of its kind. Nothing says how long
 * it is, so a service with an unknown number cannot be skipped.
 */

/** Writes a service that has passed the checks of `service-arguments.ts`. */
export function writeService(writer: PayloadWriter, service: AccessToken2Service): void {
  writer.u16(service.type)
  writePrivileges(writer, service.privileges)
  switch (service.type) {
    case ServiceType.Rtc:
    case ServiceType.Streaming:
    case ServiceType.Fcdn:
      writer.text(service.channelName)
      writer.text(service.account)
      break
    case ServiceType.Rtm:
    case ServiceType.Chat:
      writer.text(service.userId)
      break
    case ServiceType.Rtm2:
      writer.text(service.userId)
      writePermissions(writer, service.permissions)
      break
    case ServiceType.Apaas:
      writer.text(service.roomUuid)
      writer.text(service.userUuid)
      writer.i16(service.role)
      break
    case ServiceType.Fpa:
    case ServiceType.ConvoAi:
    case ServiceType.Stt:
      break
  }
}

/**
 * Reads what follows the number of a service.
 *
 * @throws {AgoraTokenError} `ERR_TOKEN_STRUCTURE`
 */
export function readService(reader: PayloadReader, type: AccessToken2ServiceType): AccessToken2Service {
  const privileges = readPrivileges(reader)
  switch (type) {
    case ServiceType.Rtc:
    case ServiceType.Streaming:
    case ServiceType.Fcdn:
      return {
        type,
        privileges,
        channelName: reader.text('a channel name'),
        account: reader.text('an account'),
      }
    case ServiceType.Rtm:
    case ServiceType.Chat:
      return { type, privileges, userId: reader.text('a user ID') }
    case ServiceType.Rtm2:
      return { type, privileges, userId: reader.text('a user ID'), permissions: readPermissions(reader) }
    case ServiceType.Apaas:
      return {
        type,
        privileges,
        roomUuid: reader.text('a room UUID'),
        userUuid: reader.text('a user UUID'),
        role: reader.i16('a role'),
      }
    case ServiceType.Fpa:
    case ServiceType.ConvoAi:
    case ServiceType.Stt:
      break
  }
  return { type, privileges }
}

function writePrivileges(writer: PayloadWriter, privileges: ServicePrivileges): void {
  const entries = Object.entries(privileges)
  writer.u16(entries.length)
  for (const [privilege, seconds] of entries) {
    writer.u16(Number(privilege))
    writer.u32(seconds)
  }
}

function readPrivileges(reader: PayloadReader): ServicePrivileges {
  const privileges: Record<number, number> = {}
  for (let count = reader.u16('a privilege count'); count > 0; count -= 1) {
    const privilege = reader.u16('a privilege number')
    // Official readers disagree on which of two counts, so neither may.
    if (privileges[privilege] !== undefined) throw listedTwice(`privilege ${privilege}`)
    privileges[privilege] = reader.u32('a privilege lifetime')
  }
  return privileges
}

/** The permissions come sorted, so each group and the groups themselves are in ascending order. */
function writePermissions(writer: PayloadWriter, permissions: readonly Rtm2Permission[]): void {
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

function readPermissions(reader: PayloadReader): Rtm2Permission[] {
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

function listedTwice(what: string): AgoraTokenError {
  return new AgoraTokenError('ERR_TOKEN_STRUCTURE', `The token is malformed: it lists ${what} twice.`)
}
