import { accountText } from './service-arguments.js'
import { ServiceType } from './service-types.js'
import type {
  ApaasService,
  ChatService,
  ConvoAiService,
  FcdnService,
  FpaService,
  RtcService,
  Rtm2Permission,
  Rtm2Service,
  RtmService,
  ServicePrivileges,
  StreamingService,
  SttService,
} from './service-types.js'

/*
 * Constructors of the ten services. Each returns plain data for `buildAccessToken2`, which checks it. Lifetimes are
 * in seconds from the time of issue, 0 to 86,400; 0 means as long as the token. A privilege is in the service when
 * its option is given.
 */

/** Options of {@link rtcService}. */
export interface RtcServiceOptions {
  /** At most 64 bytes. Agora reads an empty name as any channel. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid; the uid 0 and the empty text mean any user. */
  readonly account: string | number
  /** Default 0: as long as the token. */
  readonly joinTtlSeconds?: number | undefined
  readonly publishAudioTtlSeconds?: number | undefined
  readonly publishVideoTtlSeconds?: number | undefined
  readonly publishDataTtlSeconds?: number | undefined
}

/**
 * The right to join one voice or video channel, and to publish in it when asked for.
 *
 * @example
 * rtcService({ channelName: 'stage', account: 42, publishAudioTtlSeconds: 0 })
 * // { type: 1, privileges: { 1: 0, 2: 0 }, channelName: 'stage', account: '42' }
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID` when `account` is a number outside 0 to 4,294,967,295.
 * @see https://docs.agora.io/en/video-calling/token-authentication/deploy-token-server
 */
export function rtcService(options: RtcServiceOptions): RtcService {
  return {
    type: ServiceType.Rtc,
    privileges: privilegesOf({
      1: options.joinTtlSeconds ?? 0,
      2: options.publishAudioTtlSeconds,
      3: options.publishVideoTtlSeconds,
      4: options.publishDataTtlSeconds,
    }),
    channelName: options.channelName,
    account: accountText(options.account, 'account'),
  }
}

/** Options of {@link rtmService}. */
export interface RtmServiceOptions {
  /** The Signaling user ID: 1 to 64 bytes. */
  readonly userId: string
  /** Default 0: as long as the token. */
  readonly loginTtlSeconds?: number | undefined
}

/**
 * The right to log in to Signaling as one user. Signaling knows no wildcard user.
 *
 * @example
 * rtmService({ userId: 'alice', loginTtlSeconds: 3600 })
 * // { type: 2, privileges: { 1: 3600 }, userId: 'alice' }
 *
 * @see https://docs.agora.io/en/signaling/get-started/authentication-workflow
 */
export function rtmService(options: RtmServiceOptions): RtmService {
  return {
    type: ServiceType.Rtm,
    privileges: { 1: options.loginTtlSeconds ?? 0 },
    userId: options.userId,
  }
}

/** Options of {@link streamingService}. */
export interface StreamingServiceOptions {
  /** At most 64 bytes. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid. */
  readonly account: string | number
  readonly publishMixedStreamTtlSeconds?: number | undefined
  readonly publishRawStreamTtlSeconds?: number | undefined
}

/**
 * The right to publish streams of one channel.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID` when `account` is a number outside 0 to 4,294,967,295.
 */
export function streamingService(options: StreamingServiceOptions): StreamingService {
  return {
    type: ServiceType.Streaming,
    privileges: privilegesOf({
      1: options.publishMixedStreamTtlSeconds,
      2: options.publishRawStreamTtlSeconds,
    }),
    channelName: options.channelName,
    account: accountText(options.account, 'account'),
  }
}

/** Options of {@link fpaService}. */
export interface FpaServiceOptions {
  /** Default 0: as long as the token. */
  readonly loginTtlSeconds?: number | undefined
}

/** The right to use full-path acceleration. */
export function fpaService(options: FpaServiceOptions = {}): FpaService {
  return { type: ServiceType.Fpa, privileges: { 1: options.loginTtlSeconds ?? 0 } }
}

/** Options of {@link chatService}. */
export interface ChatServiceOptions {
  /** The Chat user. Leave it out for an app token only. */
  readonly userId?: string | undefined
  /** Default 0 (as long as the token), unless `appTtlSeconds` is given. */
  readonly userTtlSeconds?: number | undefined
  /** Given: the token may act for the app, that is call the Chat REST API. Server-side only. */
  readonly appTtlSeconds?: number | undefined
}

/**
 * The right to use Agora Chat as one user, or as the app itself.
 *
 * @example
 * chatService({ userId: 'alice' })      // { type: 5, privileges: { 1: 0 }, userId: 'alice' }
 * chatService({ appTtlSeconds: 3600 })  // { type: 5, privileges: { 2: 3600 }, userId: '' }
 *
 * @see https://docs.agora.io/en/agora-chat/develop/authentication
 */
export function chatService(options: ChatServiceOptions): ChatService {
  const { userId = '', userTtlSeconds, appTtlSeconds } = options
  return {
    type: ServiceType.Chat,
    privileges: privilegesOf({
      1: userTtlSeconds ?? (appTtlSeconds === undefined ? 0 : undefined),
      2: appTtlSeconds,
    }),
    userId,
  }
}

/** Options of {@link fcdnService}. */
export interface FcdnServiceOptions {
  /** At most 64 bytes. */
  readonly channelName: string
  /** User account of at most 255 bytes, or a numeric uid. */
  readonly account: string | number
  readonly publishTtlSeconds?: number | undefined
  readonly playTtlSeconds?: number | undefined
}

/**
 * The right to publish to, or play from, Fusion CDN.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_USER_ID` when `account` is a number outside 0 to 4,294,967,295.
 */
export function fcdnService(options: FcdnServiceOptions): FcdnService {
  return {
    type: ServiceType.Fcdn,
    privileges: privilegesOf({ 1: options.publishTtlSeconds, 2: options.playTtlSeconds }),
    channelName: options.channelName,
    account: accountText(options.account, 'account'),
  }
}

/** Options of {@link apaasService}. */
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

/**
 * A right in Flexible Classroom.
 *
 * @example
 * apaasService({ roomUuid: 'room', userUuid: 'alice', role: 1, roomUserTtlSeconds: 0 })
 *
 * @see https://docs.agora.io/en/flexible-classroom/develop/integrate/authentication-workflow
 */
export function apaasService(options: ApaasServiceOptions): ApaasService {
  return {
    type: ServiceType.Apaas,
    privileges: privilegesOf({
      1: options.roomUserTtlSeconds,
      2: options.userTtlSeconds,
      3: options.appTtlSeconds,
    }),
    roomUuid: options.roomUuid ?? '',
    userUuid: options.userUuid ?? '',
    role: options.role ?? -1,
  }
}

/** Options of {@link rtm2Service}. */
export interface Rtm2ServiceOptions extends RtmServiceOptions {
  /** One entry per kind of resource and permission. Default none. */
  readonly permissions?: readonly Rtm2Permission[] | undefined
}

/** The right to log in to Signaling with permissions per resource. Agora switches it on by request. */
export function rtm2Service(options: Rtm2ServiceOptions): Rtm2Service {
  return {
    type: ServiceType.Rtm2,
    privileges: { 1: options.loginTtlSeconds ?? 0 },
    userId: options.userId,
    permissions: options.permissions ?? [],
  }
}

/** Marks a token for Conversational AI, next to an RTC and an RTM service. */
export function convoAiService(): ConvoAiService {
  return { type: ServiceType.ConvoAi, privileges: {} }
}

/** Marks a token for speech to text, next to an RTC and an RTM service. */
export function sttService(): SttService {
  return { type: ServiceType.Stt, privileges: {} }
}

function privilegesOf(lifetimes: Readonly<Record<number, number | undefined>>): ServicePrivileges {
  const privileges: Record<number, number> = {}
  for (const [privilege, seconds] of Object.entries(lifetimes)) {
    if (seconds !== undefined) privileges[Number(privilege)] = seconds
  }
  return privileges
}
