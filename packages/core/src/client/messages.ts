import { checkArguments } from '../input/options.js'
import { isJsonObject, textField } from '../input/json.js'
import { requirePayload } from '../input/payload.js'
import type { ApiAnswer } from '../wire/answer.js'
import type { Call } from '../call/call.js'
import { operations } from '../operations.js'
import type { ClientParts } from './client-parts.js'
import { endpointCall } from './endpoint-call.js'
import type { CallContent } from './endpoint-call.js'
import { requireChannelName, requireUserId } from '../input/identifiers.js'
import { actingUser } from './identity.js'
import type { Identity } from './identity.js'
import { sendToChannelRules, sendToUserRules } from './message-options.js'
import type { SendToChannelOptions, SendToUserOptions } from './message-options.js'
import { sendMany } from './send-many.js'
import type { SendOne } from './send-many.js'
import type { OutgoingMessage, SendManyOptions } from './send-many-options.js'
import type { SendManyReport } from './send-many-report.js'

/** What became of a peer message. */
export interface SendToUserResult {
  /** `sent`: Agora has it. `delivered`: the receiver acknowledged it. `offline`: the receiver is not online. */
  readonly status: 'sent' | 'delivered' | 'offline'
  /** Agora's id of the request. */
  readonly requestId: string | undefined
}

/** What became of a channel message. It says nothing about anyone being in the channel. */
export interface SendToChannelResult {
  readonly status: 'sent'
  readonly requestId: string | undefined
}

/** What the sending of many adds to a call. */
type Way = Pick<Call, 'signal' | 'attempts' | 'finishesOnceStarted'>

/** Sending messages: 500 calls a second together, per App ID. */
export class Messages {
  readonly #parts: ClientParts
  readonly #identity: Identity

  constructor(parts: ClientParts, identity: Identity) {
    this.#parts = parts
    this.#identity = identity
  }

  /**
   * Sends a message to one user.
   *
   * A receiver that is offline is a status, not an error.
   *
   * @example
   * const { status } = await client.messages.sendToUser({ to: 'bob', payload: 'hello', waitForAck: true })
   *
   * @throws {AgoraValidationError} before anything is sent: `ERR_INVALID_USER_ID`, `ERR_INVALID_PAYLOAD`,
   * `ERR_SENDER_MISMATCH`.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/rest-api/peer-to-peer-message
   */
  async sendToUser(options: SendToUserOptions): Promise<SendToUserResult> {
    const call = this.#callToUser(options)
    const { answer } = await this.#parts.transport.call(call)
    return { status: deliveryStatus(answer), requestId: answer.requestId }
  }

  /**
   * Sends a message to everyone who is subscribed to a channel.
   *
   * @example
   * await client.messages.sendToChannel({ from: 'alice', channel: 'lobby', payload: 'hello' })
   *
   * @throws {AgoraValidationError} before anything is sent: `ERR_INVALID_USER_ID`, `ERR_INVALID_CHANNEL`,
   * `ERR_INVALID_PAYLOAD`, `ERR_SENDER_MISMATCH`.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://docs.agora.io/en/signaling/rest-api/channel-message
   */
  async sendToChannel(options: SendToChannelOptions): Promise<SendToChannelResult> {
    const call = this.#callToChannel(options)
    const { answer } = await this.#parts.transport.call(call)
    return { status: 'sent', requestId: answer.requestId }
  }

  /**
   * Sends the messages of a source, several at a time. It reads the source no faster than messages go out. The report says
   * what became of each message. To go on after an interruption, pass the same source with `resume: report.resume`: each
   * message that was not sent is then sent, and no other.
   *
   * The source is closed at the end, whatever ends the sending, and nothing is sent any more. An interruption waits for
   * the requests that have left this machine, at most `attemptTimeoutMs`: only the answer says what became of a message.
   *
   * @example
   * const report = await client.messages.sendMany(messages, { concurrency: 100, signal })
   * const again = report.outcomes.filter((outcome) => outcome.status === 'failed' && !outcome.mayHaveBeenSent)
   *
   * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an option that is unknown or of a wrong type.
   * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for an option out of range, and for a source that is none. Nothing
   * else is thrown.
   */
  async sendMany(
    source: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
    options: SendManyOptions = {},
  ): Promise<SendManyReport> {
    const sendOne: SendOne = async (message, way) => {
      const isToUser = message.channel === undefined
      const call = isToUser ? this.#callToUser(message, way) : this.#callToChannel(message, way)
      const { answer } = await this.#parts.transport.call(call)
      return { status: isToUser ? deliveryStatus(answer) : 'sent', requestId: answer.requestId }
    }
    return sendMany(sendOne, source, options)
  }

  #callToUser(options: SendToUserOptions, way?: Way): Call {
    checkArguments('sendToUser()', options, sendToUserRules)
    const from = actingUser(this.#identity, options.from, 'from')
    const body: Record<string, unknown> = {
      destination: requireUserId(options.to, 'to'),
      payload: requirePayload(options.payload),
    }
    if (options.enableOfflineMessaging === true) body['enable_offline_messaging'] = true
    if (options.enableHistoricalMessaging === true) body['enable_historical_messaging'] = true
    const { sendToUser } = operations
    const content: CallContent = {
      query: options.waitForAck === true ? sendToUser.waitsForReceiverWith : undefined,
      body: JSON.stringify(body),
    }
    const path = { appId: this.#parts.appId, userId: from }
    const call = endpointCall(sendToUser, path, options, content)
    return way === undefined ? call : { ...call, ...way }
  }

  #callToChannel(options: SendToChannelOptions, way?: Way): Call {
    checkArguments('sendToChannel()', options, sendToChannelRules)
    const from = actingUser(this.#identity, options.from, 'from')
    const body: Record<string, unknown> = {
      channel_name: requireChannelName(options.channel, 'channel'),
      payload: requirePayload(options.payload),
    }
    if (options.enableHistoricalMessaging === true) body['enable_historical_messaging'] = true
    const path = { appId: this.#parts.appId, userId: from }
    const call = endpointCall(operations.sendToChannel, path, options, { body: JSON.stringify(body) })
    return way === undefined ? call : { ...call, ...way }
  }
}

/**
 * Reads Agora's `code`. Older pages spell it differently ("message sent", "peer_offline"). A success with an unknown
 * code was accepted by Agora, so it is no error: callers would send the message again.
 */
function deliveryStatus({ json }: ApiAnswer): SendToUserResult['status'] {
  const code = isJsonObject(json) ? textField(json, 'code') : undefined
  return statusByCode.get(code?.toLowerCase().replaceAll(' ', '_')) ?? 'sent'
}

const statusByCode: ReadonlyMap<string | undefined, SendToUserResult['status']> = new Map([
  ['message_delivered', 'delivered'],
  ['message_offline', 'offline'],
  ['peer_offline', 'offline'],
])
