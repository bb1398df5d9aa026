import type { Answer } from '../http/answers.js'
import type { Call, Endpoint } from '../http/endpoint.js'
import { publishLimit } from '../http/limits.js'
import { decodeText, requirePayload } from '../http/message-body.js'
import { Refusal } from '../http/refusal.js'
import { requireChannelPath } from './channel-path.js'

const maxCustomTypeLength = 32

/**
 * Documented in Chinese only. The body is the message itself, whatever text it is.
 *
 * @see https://doc.shengwang.cn/api-ref/rtm2/restful/toc-message/publish
 */
export const publish: Endpoint = {
  method: 'POST',
  route: '/rtm/v2/publish/:appId/userId/:userId/channelType/:channelType/channel/:channel',
  family: 'rtm-v2',
  operation: 'publish',
  basicOnly: false,
  queryNames: ['storeInHistory', 'customType'],
  limit: ({ channelType, channel }) => publishLimit(channelType, channel),
  handle: publishMessage,
}

async function publishMessage(call: Call): Promise<Answer> {
  const { userId, channelType, channel } = requireChannelPath(call.path)
  const storeInHistory = call.query.boolean('storeInHistory')
  const customType = call.query.text('customType')
  if (customType !== undefined && customType.length > maxCustomTypeLength) {
    throw new Refusal('invalid-request', `customType must have 1 to ${maxCustomTypeLength} characters.`)
  }
  const text = decodeText(await call.readBody())
  if (text === undefined) {
    throw new Refusal('invalid-request', 'The message is not UTF-8 text: publish takes text only, no binary.')
  }
  const payload = requirePayload(text)
  call.notePayload(payload)

  call.project.publish({ from: userId, channelType, channel, payload, customType, storeInHistory })
  return {
    status: 200,
    body: {
      errorCode: 200,
      error: false,
      requestId: call.requestId,
      operation: 'publish',
      reason: '',
      timestamp: call.now(),
      data: { channelName: channel, channelType },
    },
  }
}
