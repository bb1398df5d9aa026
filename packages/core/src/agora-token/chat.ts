/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { signServices } from '../access-token/build.js'
import { chat } from '../access-token/services/chat.js'
import { anyUser } from '../access-token/services/field.js'
import { requireExpire, requireUser } from './arguments.js'

/** `ChatTokenBuilder` of the npm package `agora-token`: tokens for Agora Chat. */
export class ChatTokenBuilder {
  /**
   * Builds a token for one user of Agora Chat.
   *
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildUserToken(
    this: void,
    appId: string,
    appCertificate: string,
    userId: string | number,
    expire: number,
  ): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    const service = {
      privileges: { 1: ttlSeconds },
      userId: requireUser(userId, 'userId', { ...anyUser, minBytes: 1 }),
    }
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: chat, service },
    ])
  }

  /**
   * Builds a token for the Chat REST API. Keep it on the server.
   *
   * @param expire Seconds from now, not a point in time. Agora ends every token after 86,400 (24 hours).
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildAppToken(this: void, appId: string, appCertificate: string, expire: number): string {
    const ttlSeconds = requireExpire(expire, 'expire')
    return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: chat, service: { privileges: { 2: ttlSeconds }, userId: '' } },
    ])
  }
}
