import { AgoraValidationError } from '../errors.js'
import type { ApiAnswer } from '../wire/answer.js'
import { isJsonObject, listField, numberField, textField } from '../input/json.js'
import { operations } from '../operations.js'
import { checkArguments } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner } from '../input/rule.js'
import { timeLimitRules } from './call-time-limits.js'
import type { Log } from '../logger.js'
import { requireTypedChannel } from '../input/channel-type.js'
import type { ChannelType } from '../input/channel-type.js'
import type { ClientParts } from './client-parts.js'
import { endpointCall } from './endpoint-call.js'
import { actingUser } from './identity.js'
import type { Identity } from './identity.js'
import type { PathValues } from './path.js'

/** Which messages to list. */
export interface HistoryOptions {
  /** Channel name; with `channelType: 'user'` a user ID. */
  readonly channel: string
  /** Default `message`. */
  readonly channelType?: ChannelType | undefined
  /** The user who asks. Default: the user the client acts for. */
  readonly userId?: string | undefined
  /**
   * Only messages older than this moment (exclusive). Default: now.
   *
   * A number is Unix milliseconds, the unit of the timestamps in Agora's answers. Agora's page does not state the unit, so
   * a number that looks like seconds is sent as it is. The client warns once: such a number would find nothing.
   */
  readonly before?: Date | number | undefined
  /** Only messages of this moment or newer (inclusive). A number as in `before`. Default: no bound. */
  readonly until?: Date | number | undefined
  /** At most this many messages in all. Default: no limit, 100 a page. */
  readonly limit?: number | undefined
  /** Total time for each page in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One stored message. */
export interface HistoryMessage {
  /** User ID of the sender. */
  readonly publisher: string
  /** Text, or Base64 when `messageType` is `BINARY`. Of a type that Agora does not document: the text as it came. */
  readonly payload: string
  /** As Agora says it. Empty where Agora does not. */
  readonly messageType: 'STRING' | 'BINARY' | (string & {})
  /** The sender's own label, when there is one. */
  readonly customType?: string
  /** Unix milliseconds. */
  readonly timestamp: number
}

/** One answer of message history. */
export interface HistoryPage {
  /** Newest first. */
  readonly messages: readonly HistoryMessage[]
  /** Entries of the answer that are no message we know, as they came; absent when there is none. */
  readonly unreadable?: readonly unknown[]
  /** Pass as `before` for the next, older page; absent when there is none. */
  readonly nextBefore?: number
  readonly requestId: string | undefined
}

/** Messages, newest first: `for await` reads page after page, `page()` reads one. */
export interface HistoryListing extends AsyncIterable<HistoryMessage> {
  /** How many entries `for await` has left out so far. They are the entries that `page()` gives as `unreadable`. */
  readonly unreadableCount: number
  /** The newest page within the bounds: at most 100 messages, or `limit` when that is less. */
  page(): Promise<HistoryPage>
}

const historyRules: OptionRules<HistoryOptions> = {
  channel: checkedByItsOwner,
  channelType: checkedByItsOwner,
  userId: checkedByItsOwner,
  before: checkedByItsOwner,
  until: checkedByItsOwner,
  limit: checkedByItsOwner,
  ...timeLimitRules,
}

const maxMessagesPerPage = 100

/** Message history: has to be enabled for the App ID in Agora Console. 60 reads a second. */
export class History {
  readonly #parts: ClientParts
  readonly #identity: Identity

  constructor(parts: ClientParts, identity: Identity) {
    this.#parts = parts
    this.#identity = identity
  }

  /**
   * Lists stored messages from the newest to the oldest. Nothing is read before the first message is asked for.
   *
   * @example
   * for await (const message of client.history.list({ channel: 'lobby', limit: 50 })) {
   *   console.log(message.publisher, message.payload)
   * }
   *
   * @throws {AgoraValidationError} `ERR_INVALID_CHANNEL`, `ERR_INVALID_USER_ID`, `ERR_INVALID_ARGUMENT`.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError} while reading.
   * @see https://docs.agora.io/en/signaling/rest-api/message-history
   */
  list(options: HistoryOptions): HistoryListing {
    checkArguments('history.list()', options, historyRules)
    const userId = actingUser(this.#identity, options.userId, 'userId')
    const { channelType, channel } = requireTypedChannel(options.channelType, options.channel)
    const { appId, log } = this.#parts
    const query: HistoryQuery = {
      path: { appId, userId, channelType, channel },
      start: requireMoment(options.before, 'before', log),
      end: requireMoment(options.until, 'until', log),
      limit: requireLimit(options.limit),
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    }
    let unreadableCount = 0
    return {
      page: () => this.#page(query, query.start, query.limit),
      get unreadableCount() {
        return unreadableCount
      },
      [Symbol.asyncIterator]: () => this.#messages(query, (count) => (unreadableCount += count)),
    }
  }

  async *#messages(
    query: HistoryQuery,
    passOver: (count: number) => void,
  ): AsyncGenerator<HistoryMessage, void, undefined> {
    let wanted = query.limit
    let start: number | undefined = query.start
    while (wanted > 0 && start !== undefined) {
      const { messages, unreadable = [], nextBefore }: HistoryPage = await this.#page(query, start, wanted)
      passOver(unreadable.length)
      yield* messages.slice(0, wanted)
      if (messages.length + unreadable.length === 0) return
      wanted -= messages.length
      start = nextBefore
    }
  }

  async #page(query: HistoryQuery, start: number, wanted: number): Promise<HistoryPage> {
    const bounds = `start=${start}&end=${query.end}&messageCount=${Math.min(wanted, maxMessagesPerPage)}`
    const call = endpointCall(operations.history, query.path, query, { query: bounds })
    const { answer } = await this.#parts.transport.call(call)
    return readPage(answer, start)
  }
}

interface HistoryQuery {
  readonly path: PathValues<typeof operations.history.path>
  /** Agora's exclusive newer bound; 0 for none. */
  readonly start: number
  /** Agora's inclusive older bound; 0 for none. */
  readonly end: number
  readonly limit: number
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal | undefined
}

function readPage({ json, requestId }: ApiAnswer, start: number): HistoryPage {
  const data = isJsonObject(json) ? json['data'] : undefined
  const messages: HistoryMessage[] = []
  const unreadable: unknown[] = []
  for (const item of listField(data, 'messageList')) {
    const message = readMessage(item)
    if (message === undefined) unreadable.push(item)
    else messages.push(message)
  }
  const nextBefore = isJsonObject(data) ? readNewStart(data['newStart'], start) : undefined
  return {
    messages,
    ...(unreadable.length === 0 ? {} : { unreadable }),
    ...(nextBefore === undefined ? {} : { nextBefore }),
    requestId,
  }
}

/**
 * Where the next page begins. It has to be older than the beginning of this page. Otherwise pages would be read for ever.
 */
function readNewStart(newStart: unknown, start: number): number | undefined {
  if (typeof newStart !== 'number' || !Number.isSafeInteger(newStart) || newStart <= 0) return undefined
  return start === 0 || newStart < start ? newStart : undefined
}

function readMessage(item: unknown): HistoryMessage | undefined {
  if (!isJsonObject(item)) return undefined
  const publisher = textField(item, 'publisher')
  const timestamp = numberField(item, 'timestamp')
  const messageType = textField(item, 'messageType') ?? ''
  const payload = item['message']
  if (publisher === undefined || timestamp === undefined || typeof payload !== 'string') return undefined
  const customType = textField(item, 'customType')
  return { publisher, payload, messageType, ...(customType === undefined ? {} : { customType }), timestamp }
}

function requireMoment(moment: unknown, argument: string, log: Log): number {
  if (moment === undefined) return 0
  const milliseconds = moment instanceof Date ? moment.getTime() : moment
  if (typeof milliseconds === 'number' && Number.isSafeInteger(milliseconds) && milliseconds >= 0) {
    if (looksLikeSeconds(milliseconds)) warnOfSeconds(argument, log)
    return milliseconds
  }
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a valid Date or Unix milliseconds.`,
  )
}

/** Seconds from 2001 to 5138. As milliseconds they are days of 1970 to 1973, when nobody sent a message. */
function looksLikeSeconds(moment: number): boolean {
  return moment >= 1e9 && moment < 1e11
}

const warned = new WeakSet<Log>()

/** Once for each client: the mistake stands in the program and would be told at every call. */
function warnOfSeconds(argument: string, log: Log): void {
  if (warned.has(log)) return
  warned.add(log)
  log.warn(
    `${argument} of history.list() looks like Unix seconds, and message history counts in milliseconds: pass a Date, or multiply by 1000.`,
  )
}

function requireLimit(limit: unknown): number {
  if (limit === undefined) return Infinity
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0) return limit
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'limit',
    'limit must be a whole number of messages, 1 or more.',
  )
}
