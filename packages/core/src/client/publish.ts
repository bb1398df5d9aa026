import { AgoraValidationError } from '../errors.js'
import { operations } from '../operations.js'
import { checkArguments } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner, yesOrNo } from '../input/rule.js'
import { requirePayload } from '../input/payload.js'
import { timeLimitRules } from './call-time-limits.js'
import { requireTypedChannel } from '../input/channel-type.js'
import type { ChannelType } from '../input/channel-type.js'
import type { ClientParts } from './client-parts.js'
import { endpointCall } from './endpoint-call.js'
import { actingUser } from './identity.js'
import type { Identity } from './identity.js'

/** A message published over the 2.x path. */
export interface PublishOptions {
  /** Sender. Default: the user the client acts for. */
  readonly from?: string | undefined
  /** Channel name; with `channelType: 'user'` the receiver's user ID. */
  readonly channel: string
  /** Default `message`. */
  readonly channelType?: ChannelType | undefined
  /** The message: text of 1 to 32,768 bytes of UTF-8. */
  readonly payload: string
  /** Keep it in message history. Default `false`. */
  readonly storeInHistory?: boolean | undefined
  /** Your own label, 1 to 32 characters. */
  readonly customType?: string | undefined
  /** Also repeat the call when Agora may have processed it. It can then take effect twice. Default `false`. */
  readonly retryUnsafe?: boolean | undefined
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const publishRules: OptionRules<PublishOptions> = {
  from: checkedByItsOwner,
  channel: checkedByItsOwner,
  channelType: checkedByItsOwner,
  payload: checkedByItsOwner,
  storeInHistory: yesOrNo,
  customType: checkedByItsOwner,
  retryUnsafe: yesOrNo,
  ...timeLimitRules,
}

/** Endpoints that Agora documents in Chinese only. They may change or be refused for your project. */
export class Experimental {
  readonly #parts: ClientParts
  readonly #identity: Identity

  constructor(parts: ClientParts, identity: Identity) {
    this.#parts = parts
    this.#identity = identity
  }

  /**
   * Publishes a message to a channel or a user. 60 messages a second per channel. Agora drops further ones.
   *
   * @example
   * await client.experimental.publish({ from: 'alice', channel: 'lobby', payload: 'hello', storeInHistory: true })
   *
   * @throws {AgoraValidationError} before anything is sent.
   * @throws {AgoraApiError | AgoraConnectionError | AgoraTimeoutError | AgoraAbortError}
   * @see https://doc.shengwang.cn/api-ref/rtm2/restful/toc-message/publish
   */
  async publish(options: PublishOptions): Promise<{ requestId: string | undefined }> {
    checkArguments('publish()', options, publishRules)
    const from = actingUser(this.#identity, options.from, 'from')
    const { channelType, channel } = requireTypedChannel(options.channelType, options.channel)
    const { appId, transport } = this.#parts
    const content = { query: publishQuery(options), body: requirePayload(options.payload) }
    const path = { appId, userId: from, channelType, channel }
    const { answer } = await transport.call(endpointCall(operations.publish, path, options, content))
    return { requestId: answer.requestId }
  }
}

function publishQuery({ storeInHistory, customType }: PublishOptions): string {
  const query = `storeInHistory=${storeInHistory === true}`
  if (customType === undefined) return query
  if (typeof customType !== 'string' || customType.length < 1 || customType.length > 32) {
    throw new AgoraValidationError(
      'ERR_INVALID_ARGUMENT',
      'customType',
      'customType must be 1 to 32 characters.',
    )
  }
  return `${query}&customType=${encodeURIComponent(customType)}`
}
