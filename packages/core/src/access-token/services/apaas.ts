import { AgoraValidationError } from '../../errors.js'
import { describe } from '../../input/describe.js'
import { isIntegerWithin } from '../../input/integer.js'
import { anyText, anyUser, field, textCodec, textOf } from './field.js'
import type { Codec } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privileges: 1 room user, 2 user, 3 app. */
export interface ApaasService extends ServiceOf<7> {
  readonly roomUuid: string
  readonly userUuid: string
  /** Signed 16-bit number; -1 where the token is not for a role in a room. */
  readonly role: number
}

/** Options of {@link apaasService}. Lifetimes are in seconds from the time of issue, 0 to 86,400; 0: as long as the token. */
export interface ApaasServiceOptions {
  /** Default empty: not for one room. */
  readonly roomUuid?: string | undefined
  /** Default empty: not for one user. */
  readonly userUuid?: string | undefined
  /** Role in the room: 0 invisible, 1 teacher, 2 student, 3 assistant, 4 observer. Default -1: none. */
  readonly role?: number | undefined
  readonly roomUserTtlSeconds?: number | undefined
  readonly userTtlSeconds?: number | undefined
  readonly appTtlSeconds?: number | undefined
}

const int16: Codec<number> = {
  read: (reader, what) => reader.i16(what),
  write: (writer, value) => {
    writer.i16(value)
  },
}

function requireRole(value: unknown, argument: string): number {
  if (isIntegerWithin(value, -0x8000, 0x7fff)) return value
  throw new AgoraValidationError(
    'ERR_INVALID_SERVICE',
    argument,
    `${argument} must be a whole number from -32768 to 32767, got ${describe(value)}.`,
  )
}

/** Flexible Classroom, called Education in some SDKs. */
export const apaas: ServiceKind<ApaasService, ApaasServiceOptions> = new ServiceKind({
  type: 7,
  name: 'APaaS',
  factory: 'apaasService()',
  privileges: {
    1: { name: 'room user', option: 'roomUserTtlSeconds' },
    2: { name: 'user', option: 'userTtlSeconds' },
    3: { name: 'app', option: 'appTtlSeconds' },
  },
  fields: {
    roomUuid: field(textCodec, 'a room UUID', textOf(anyText), ''),
    userUuid: field(textCodec, 'a user UUID', textOf(anyUser), ''),
    role: field(int16, 'a role', requireRole, -1),
  },
  subject: { userId: 'userUuid', channelName: 'roomUuid' },
})

/**
 * A right in Flexible Classroom.
 *
 * @example
 * apaasService({ roomUuid: 'room', userUuid: 'alice', role: 1, roomUserTtlSeconds: 0 })
 *
 * @throws {AgoraValidationError} naming the option that is malformed.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/flexible-classroom/develop/integrate/authentication-workflow
 */
export function apaasService(options: ApaasServiceOptions): ApaasService {
  return apaas.create(options)
}
