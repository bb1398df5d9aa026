/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { createHash } from 'node:crypto'
import { signServices } from '../access-token/build.js'
import { apaas } from '../access-token/services/apaas.js'
import { chat } from '../access-token/services/chat.js'
import { anyText, anyUser } from '../access-token/services/field.js'
import { requireText } from '../input/text.js'
import { requireExpire, requireUser, requireWholeNumber } from './arguments.js'
import { rtmHalf } from './rtm.js'

const noRole = -1

/** `ApaasTokenBuilder` of the npm package `agora-token`: tokens for Flexible Classroom. */
export class ApaasTokenBuilder {
  /**
   * Builds a token for one user in one room, with their Signaling and Chat.
   *
   * @param role The role in the room. 0 is written as -1 (none), as `agora-token` does.
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildRoomUserToken(
    this: void,
    appId: string,
    appCertificate: string,
    roomUuid: string,
    userUuid: string | number,
    role: number,
    expire: number,
  ): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const user = requireUser(userUuid, 'userUuid', { ...anyUser, minBytes: 1 })
    const room = {
      privileges: {},
      roomUuid: requireText(roomUuid, 'roomUuid', { ...anyText, minBytes: 1 }),
      userUuid: user,
      role: requireRole(role, 'role'),
    }
    const chatUser = createHash('md5').update(user).digest('hex')
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      rtmHalf(user, 'userUuid', ttlSeconds),
      { argument: 'service', kind: chat, service: { privileges: { 1: ttlSeconds }, userId: chatUser } },
      { argument: 'service', kind: apaas, service: room },
    ])
  }

  /**
   * Builds a token for one user.
   *
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildUserToken(
    this: void,
    appId: string,
    appCertificate: string,
    userUuid: string | number,
    expire: number,
  ): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const service = {
      privileges: { 2: ttlSeconds },
      roomUuid: '',
      userUuid: requireUser(userUuid, 'userUuid', { ...anyUser, minBytes: 1 }),
      role: noRole,
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: apaas, service },
    ])
  }

  /**
   * Builds a token for the REST API of the app. Keep it on the server.
   *
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildAppToken(this: void, appId: string, appCertificate: string, expire: number): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const service = { privileges: { 3: ttlSeconds }, roomUuid: '', userUuid: '', role: noRole }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: apaas, service },
    ])
  }
}

/** `EducationTokenBuilder` of the npm package `agora-token`: the older name of {@link ApaasTokenBuilder}. */
export class EducationTokenBuilder extends ApaasTokenBuilder {}

function requireRole(value: unknown, argument: string): number {
  if (value === undefined || value === null) return noRole
  const role = requireWholeNumber(value, argument, -0x8000, 0x7fff)
  return role === 0 ? noRole : role
}
