import { signalingUser, signalingUserId } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privilege: 1 login. */
export interface RtmService extends ServiceOf<2> {
  /** 1 to 64 bytes. */
  readonly userId: string
}

/** Options of {@link rtmService}. */
export interface RtmServiceOptions {
  /** The Signaling user ID: 1 to 64 bytes. */
  readonly userId: string
  /** Seconds from the time of issue, 0 to 86,400. Default 0: as long as the token. */
  readonly loginTtlSeconds?: number | undefined
}

/** Signaling: the service that a Signaling login and the Signaling REST API ask for. */
export const rtm: ServiceKind<RtmService, RtmServiceOptions> = new ServiceKind({
  type: 2,
  name: 'RTM',
  factory: 'rtmService()',
  privileges: { 1: { name: 'login', option: 'loginTtlSeconds', isGrantedWithout: () => true } },
  fields: { userId: signalingUserId },
  subject: { userId: 'userId' },
  userRule: signalingUser,
})

/**
 * The right to log in to Signaling as one user. Signaling knows no wildcard user.
 *
 * @example
 * rtmService({ userId: 'alice', loginTtlSeconds: 3600 })
 * // { type: 2, privileges: { 1: 3600 }, userId: 'alice' }
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID`, `ERR_INVALID_TTL`
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function rtmService(options: RtmServiceOptions): RtmService {
  return rtm.create(options)
}
