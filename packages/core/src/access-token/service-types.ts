/**
 * What an AccessToken2 can hold: ten services, each with a map of privileges and a few fields of its own.
 */

/** The number each service has on the wire. */
export const ServiceType = {
  /** Voice and video channels. */
  Rtc: 1,
  /** Signaling: the service that a Signaling login and the Signaling REST API ask for. */
  Rtm: 2,
  Streaming: 3,
  /** Full-path acceleration. */
  Fpa: 4,
  Chat: 5,
  /** Fusion CDN. */
  Fcdn: 6,
  /** Flexible Classroom, called Education in some SDKs. */
  Apaas: 7,
  /** Signaling with permissions per resource. Agora switches it on by request. */
  Rtm2: 8,
  ConvoAi: 9,
  /** Speech to text. */
  Stt: 10,
} as const

/** One of the ten service numbers. */
export type AccessToken2ServiceType = (typeof ServiceType)[keyof typeof ServiceType]

/**
 * Privilege number → lifetime in seconds from the time of issue, 0 to 86,400.
 * 0 means no limit of its own: the privilege lives as long as the token.
 */
export type ServicePrivileges = Readonly<Record<number, number>>

interface ServiceOf<Type extends AccessToken2ServiceType> {
  readonly type: Type
  readonly privileges: ServicePrivileges
}

interface ChannelServiceOf<Type extends AccessToken2ServiceType> extends ServiceOf<Type> {
  /** At most 64 bytes. Agora reads an empty name as any channel. */
  readonly channelName: string
  /** User account, or a numeric uid as decimal text. Empty in an RTC service: any user. */
  readonly account: string
}

interface UserServiceOf<Type extends AccessToken2ServiceType> extends ServiceOf<Type> {
  readonly userId: string
}

/** Privileges: 1 join channel, 2 publish audio, 3 publish video, 4 publish data. */
export type RtcService = ChannelServiceOf<typeof ServiceType.Rtc>
/** Privilege: 1 login. `userId` has 1 to 64 bytes. */
export type RtmService = UserServiceOf<typeof ServiceType.Rtm>
/** Privileges: 1 publish mixed stream, 2 publish raw stream. */
export type StreamingService = ChannelServiceOf<typeof ServiceType.Streaming>
/** Privilege: 1 login. */
export type FpaService = ServiceOf<typeof ServiceType.Fpa>
/** Privileges: 1 user, 2 app. `userId` is empty in an app token. */
export type ChatService = UserServiceOf<typeof ServiceType.Chat>
/** Privileges: 1 publish, 2 play. */
export type FcdnService = ChannelServiceOf<typeof ServiceType.Fcdn>
/** No privileges are defined. */
export type ConvoAiService = ServiceOf<typeof ServiceType.ConvoAi>
/** No privileges are defined. */
export type SttService = ServiceOf<typeof ServiceType.Stt>

/** Privileges: 1 room user, 2 user, 3 app. */
export interface ApaasService extends ServiceOf<typeof ServiceType.Apaas> {
  readonly roomUuid: string
  readonly userUuid: string
  /** Signed 16-bit number; -1 where the token is not for a role in a room. */
  readonly role: number
}

/** What the holder may do with some resources of one kind. */
export interface Rtm2Permission {
  /** 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users. */
  readonly resourceType: number
  /** 0 read, 1 write. */
  readonly permissionType: number
  /** Names of the resources. */
  readonly resources: readonly string[]
}

/** Privilege: 1 login. `userId` has 1 to 64 bytes. */
export interface Rtm2Service extends UserServiceOf<typeof ServiceType.Rtm2> {
  readonly permissions: readonly Rtm2Permission[]
}

/** One service of a token: plain data, told apart by `type`. */
export type AccessToken2Service =
  | RtcService
  | RtmService
  | StreamingService
  | FpaService
  | ChatService
  | FcdnService
  | ApaasService
  | Rtm2Service
  | ConvoAiService
  | SttService

type WithNumericAccount<Service> = Service extends { readonly account: string }
  ? Omit<Service, 'account'> & { readonly account: string | number }
  : Service

/** What a builder takes: a service whose `account` may also be a numeric uid (0: any user). */
export type AccessToken2ServiceInput = WithNumericAccount<AccessToken2Service>

/** A token holds a handful of services in practice; the limit keeps a crafted count from costing work. */
export const maxServices = 64

interface ServiceDescription {
  readonly name: string
  readonly privileges: Readonly<Record<number, string>>
}

const descriptions: Readonly<Record<AccessToken2ServiceType, ServiceDescription>> = {
  [ServiceType.Rtc]: {
    name: 'RTC',
    privileges: { 1: 'join channel', 2: 'publish audio', 3: 'publish video', 4: 'publish data' },
  },
  [ServiceType.Rtm]: { name: 'RTM', privileges: { 1: 'login' } },
  [ServiceType.Streaming]: {
    name: 'Streaming',
    privileges: { 1: 'publish mixed stream', 2: 'publish raw stream' },
  },
  [ServiceType.Fpa]: { name: 'FPA', privileges: { 1: 'login' } },
  [ServiceType.Chat]: { name: 'Chat', privileges: { 1: 'user', 2: 'app' } },
  [ServiceType.Fcdn]: { name: 'FCDN', privileges: { 1: 'publish', 2: 'play' } },
  [ServiceType.Apaas]: { name: 'APaaS', privileges: { 1: 'room user', 2: 'user', 3: 'app' } },
  [ServiceType.Rtm2]: { name: 'RTM2', privileges: { 1: 'login' } },
  [ServiceType.ConvoAi]: { name: 'ConvoAI', privileges: {} },
  [ServiceType.Stt]: { name: 'STT', privileges: {} },
}

/** Whether a value is the number of a service that this package can read. */
export function isServiceType(value: unknown): value is AccessToken2ServiceType {
  return typeof value === 'number' && Object.hasOwn(descriptions, value)
}

/** The name of a service, for messages: `RTM`. */
export function serviceName(type: AccessToken2ServiceType): string {
  return descriptions[type].name
}

/** A privilege in words, for messages: `privilege 1 (login)`. */
export function privilegeName(type: AccessToken2ServiceType, privilege: number): string {
  const name = descriptions[type].privileges[privilege]
  return name === undefined ? `privilege ${privilege}` : `privilege ${privilege} (${name})`
}
