import { field, signalingUser, signalingUserId } from './field.js'
import { permissionsCodec, requirePermissions } from './permissions.js'
import type { Rtm2Permission } from './permissions.js'
import type { RtmServiceOptions } from './rtm.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privilege: 1 login. */
export interface Rtm2Service extends ServiceOf<8> {
  /** 1 to 64 bytes. */
  readonly userId: string
  readonly permissions: readonly Rtm2Permission[]
}

/** Options of {@link rtm2Service}. */
export interface Rtm2ServiceOptions extends RtmServiceOptions {
  /** One entry per kind of resource and permission. Default none. */
  readonly permissions?: readonly Rtm2Permission[] | undefined
}

/** Signaling with permissions per resource. Agora switches it on by request. */
export const rtm2: ServiceKind<Rtm2Service, Rtm2ServiceOptions> = new ServiceKind({
  type: 8,
  name: 'RTM2',
  factory: 'rtm2Service()',
  privileges: { 1: { name: 'login', option: 'loginTtlSeconds', isGrantedWithout: () => true } },
  fields: {
    userId: signalingUserId,
    permissions: field(permissionsCodec, 'a permission', requirePermissions, []),
  },
  subject: { userId: 'userId' },
  userRule: signalingUser,
})

/** The right to log in to Signaling with permissions per resource. Agora switches it on by request. */
export function rtm2Service(options: Rtm2ServiceOptions): Rtm2Service {
  return rtm2.create(options)
}
