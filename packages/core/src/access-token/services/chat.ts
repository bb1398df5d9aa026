import { anyUser, field, textCodec, textOf } from './field.js'
import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privileges: 1 user, 2 app. */
export interface ChatService extends ServiceOf<5> {
  /** Empty in a token for the app. */
  readonly userId: string
}

/** Options of {@link chatService}. Lifetimes are in seconds from the time of issue, 0 to 86,400; 0: as long as the token. */
export interface ChatServiceOptions {
  /** The Chat user. Leave it out for an app token only. */
  readonly userId?: string | undefined
  /** Default 0 (as long as the token), unless `appTtlSeconds` is given. */
  readonly userTtlSeconds?: number | undefined
  /** Given: the token may act for the app, which means to call the Chat REST API. Server-side only. */
  readonly appTtlSeconds?: number | undefined
}

const appPrivilege = 2
const appUser = textOf(anyUser)
const namedUser = textOf({ ...anyUser, minBytes: 1 })

/** Agora Chat. */
export const chat: ServiceKind<ChatService, ChatServiceOptions> = new ServiceKind({
  type: 5,
  name: 'Chat',
  factory: 'chatService()',
  privileges: {
    1: {
      name: 'user',
      option: 'userTtlSeconds',
      isGrantedWithout: ({ appTtlSeconds }) => appTtlSeconds === undefined,
    },
    2: { name: 'app', option: 'appTtlSeconds' },
  },
  fields: {
    userId: field(
      textCodec,
      'a user ID',
      (value, argument, privileges) =>
        privileges[appPrivilege] === undefined
          ? namedUser(value, argument, privileges)
          : appUser(value, argument, privileges),
      '',
    ),
  },
  subject: { userId: 'userId' },
})

/**
 * The right to use Agora Chat as one user, or as the app itself.
 *
 * @example
 * chatService({ userId: 'alice' })      // { type: 5, privileges: { 1: 0 }, userId: 'alice' }
 * chatService({ appTtlSeconds: 3600 })  // { type: 5, privileges: { 2: 3600 }, userId: '' }
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID` when there is neither a user nor `appTtlSeconds`.
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that does not exist.
 * @see https://docs.agora.io/en/agora-chat/develop/authentication
 */
export function chatService(options: ChatServiceOptions): ChatService {
  return chat.create(options)
}
