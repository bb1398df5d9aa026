import { isJsonObject, listField, numberField, textField } from '../input/json.js'
import type { JsonObject } from '../input/json.js'
import { operations } from '../operations.js'
import { checkArguments } from '../input/options.js'
import { timeLimitRules } from './call-time-limits.js'
import type { ClientParts } from './client-parts.js'
import { endpointCall } from './endpoint-call.js'

/** A user logged in or out of Signaling. */
export interface UserEvent {
  readonly kind: 'user.login' | 'user.logout'
  readonly userId: string
  /** When Agora's server received it. */
  readonly at: Date
}

/** A user joined or left a channel. */
export interface ChannelEvent {
  readonly kind: 'channel.join' | 'channel.leave'
  readonly userId: string
  readonly channel: string
  /** When Agora's server received it. */
  readonly at: Date
}

/** Any event of the two queues. */
export type SignalingEvent = UserEvent | ChannelEvent

/** What one destructive read took out of Agora's queue. A plain object: JSON keeps all of it but a `requestId` that is `undefined`. */
export interface EventBatch<Event extends SignalingEvent> {
  /** The events, oldest first. */
  readonly events: readonly Event[]
  /** Agora's id of the request. */
  readonly requestId: string | undefined
  /** The answer held as many entries as an answer can. More may be waiting: pull again at once. */
  readonly isFull: boolean
  /** An earlier attempt of this call broke off after it had reached Agora. The events that it may have taken are lost. */
  readonly possibleLoss: boolean
  /** Entries that are no event we know, as Agora sent them. They are out of Agora's queue too. */
  readonly unreadable: readonly unknown[]
}

/** The most entries one answer holds. */
const maxEntriesPerAnswer = 1000

/** Options of a destructive read. */
export interface PullOptions {
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  /** Ends the call early with `ERR_ABORTED`. Events that Agora had already sent are then lost. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The event queues of the App ID.
 *
 * Reading deletes: Agora gives each event once, to whoever asks first. It keeps at most the newest 2,000 of each kind.
 * Run one consumer per App ID. The limit is 10 reads a second of each kind.
 */
export class Events {
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  /**
   * Takes up to 1,000 login and logout events out of Agora's queue. Agora does not give them again: store them first.
   *
   * @example
   * const { events, isFull } = await client.events.pullUserEvents()
   * for (const { kind, userId, at } of events) console.log(kind, userId, at)
   *
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/rest-api/user-events
   */
  async pullUserEvents(options: PullOptions = {}): Promise<EventBatch<UserEvent>> {
    checkArguments('pullUserEvents()', options, timeLimitRules)
    return this.#pull(operations.pullUserEvents, options, readUserEvent)
  }

  /**
   * Takes up to 1,000 join and leave events out of Agora's queue. Agora does not give them again: store them first.
   *
   * @example
   * const { events, isFull } = await client.events.pullChannelEvents()
   * for (const { kind, channel, userId } of events) console.log(kind, channel, userId)
   *
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/rest-api/channel-events
   */
  async pullChannelEvents(options: PullOptions = {}): Promise<EventBatch<ChannelEvent>> {
    checkArguments('pullChannelEvents()', options, timeLimitRules)
    return this.#pull(operations.pullChannelEvents, options, readChannelEvent)
  }

  async #pull<Event extends SignalingEvent>(
    endpoint: typeof operations.pullUserEvents | typeof operations.pullChannelEvents,
    options: PullOptions,
    read: (event: JsonObject) => Event | undefined,
  ): Promise<EventBatch<Event>> {
    const { appId, transport } = this.#parts
    const result = await transport.call(endpointCall(endpoint, { appId }, options))
    const events: Event[] = []
    const unreadable: unknown[] = []
    const entries = listField(result.answer.json, 'events')
    for (const item of entries) {
      const event = isJsonObject(item) ? read(item) : undefined
      if (event === undefined) unreadable.push(item)
      else events.push(event)
    }
    // The order inside an answer is not documented. The sort is stable: events of one millisecond keep their order.
    events.sort((a, b) => a.at.getTime() - b.at.getTime())
    return {
      events,
      requestId: result.answer.requestId,
      isFull: entries.length >= maxEntriesPerAnswer,
      possibleLoss: result.possibleLoss,
      unreadable,
    }
  }
}

function readUserEvent(event: JsonObject): UserEvent | undefined {
  const userId = textField(event, 'user_id')
  const at = eventTime(event)
  const kind = userEventKinds.get(textField(event, 'type'))
  return userId === undefined || at === undefined || kind === undefined ? undefined : { kind, userId, at }
}

function readChannelEvent(event: JsonObject): ChannelEvent | undefined {
  const userId = textField(event, 'user_id')
  // Current pages say group_id, older ones channel_id.
  const channel = textField(event, 'group_id') ?? textField(event, 'channel_id')
  const at = eventTime(event)
  const kind = channelEventKinds.get(textField(event, 'type'))
  if (userId === undefined || channel === undefined || at === undefined || kind === undefined)
    return undefined
  return { kind, userId, channel, at }
}

const userEventKinds: ReadonlyMap<string | undefined, UserEvent['kind']> = new Map([
  ['Login', 'user.login'],
  ['Logout', 'user.logout'],
])
const channelEventKinds: ReadonlyMap<string | undefined, ChannelEvent['kind']> = new Map([
  ['Join', 'channel.join'],
  ['Leave', 'channel.leave'],
])

/** Current pages give `ms` in milliseconds; older ones `ts`, and seconds. Seconds stay below 1e12 until the year 33658. */
function eventTime(event: JsonObject): Date | undefined {
  const value = numberField(event, 'ms') ?? numberField(event, 'ts')
  if (value === undefined) return undefined
  const at = new Date(value < 1e12 ? value * 1000 : value)
  return Number.isNaN(at.getTime()) ? undefined : at
}
