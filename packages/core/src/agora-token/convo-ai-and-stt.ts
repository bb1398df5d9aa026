/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { signServices } from '../access-token/build.js'
import type { GivenService } from '../access-token/build.js'
import { convoAi } from '../access-token/services/convo-ai.js'
import { stt } from '../access-token/services/stt.js'
import { requireExpire, requirePrivilegeExpire } from './arguments.js'
import { isPublisher, rtcByPrivilege } from './rtc.js'
import { rtmHalf } from './rtm.js'

/** The arguments that both builders take. */
type Arguments = [
  appId: string,
  appCertificate: string,
  channelName: string,
  rtcAccount: string | number,
  rtcRole: number,
  rtcTokenExpire: number,
  joinChannelPrivilegeExpire: number,
  pubAudioPrivilegeExpire: number,
  pubVideoPrivilegeExpire: number,
  pubDataStreamPrivilegeExpire: number,
  rtmUserId: string | number,
  rtmTokenExpire: number,
]

/** `ConvoAITokenBuilder` of the npm package `agora-token`: tokens for Conversational AI, a channel and Signaling. */
export class ConvoAITokenBuilder {
  /**
   * Builds a token for Conversational AI, with the arguments of `RtcTokenBuilder.buildTokenWithRtm2`.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildToken(this: void, ...given: Arguments): string {
    return buildWith({ argument: 'service', kind: convoAi, service: { privileges: {} } }, given)
  }
}

/** `SttTokenBuilder` of the npm package `agora-token`: tokens for Real-Time Speech-To-Text, a channel and Signaling. */
export class SttTokenBuilder {
  /**
   * Builds a token for Real-Time Speech-To-Text, with the arguments of `RtcTokenBuilder.buildTokenWithRtm2`.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildToken(this: void, ...given: Arguments): string {
    return buildWith({ argument: 'service', kind: stt, service: { privileges: {} } }, given)
  }
}

function buildWith(
  third: GivenService,
  [
    appId,
    appCertificate,
    channelName,
    rtcAccount,
    rtcRole,
    rtcTokenExpire,
    joinChannelPrivilegeExpire,
    pubAudioPrivilegeExpire,
    pubVideoPrivilegeExpire,
    pubDataStreamPrivilegeExpire,
    rtmUserId,
    rtmTokenExpire,
  ]: Arguments,
): string {
  const ttlSeconds = requireExpire(rtcTokenExpire, 'rtcTokenExpire')
  const expires = {
    joinChannelPrivilegeExpire,
    pubAudioPrivilegeExpire,
    pubVideoPrivilegeExpire,
    pubDataStreamPrivilegeExpire,
  }
  return signServices({ appId, appCertificate, ttlSeconds, compression: 'deflate' }, [
    rtcByPrivilege(channelName, rtcAccount, 'rtcAccount', expires, isPublisher(rtcRole, 'rtcRole')),
    rtmHalf(rtmUserId, 'rtmUserId', requirePrivilegeExpire(rtmTokenExpire, 'rtmTokenExpire')),
    third,
  ])
}
