import type { Answer } from '../http/answers.js'
import type { Call, Endpoint } from '../http/endpoint.js'
import { limits } from '../http/limits.js'
import { parseJsonObject, readSwitch, requirePayload, requireText } from '../http/message-body.js'
import { requireChannelName, requireUserId } from '../http/parameters.js'

/** @see https://docs.agora.io/en/signaling/rest-api/channel-message */
export const channelMessages: Endpoint = {
  method: 'POST',
  route: '/dev/v2/project/:appId/rtm/users/:userId/channel_messages',
  family: 'dev-v2',
  operation: 'channel_messages',
  basicOnly: false,
  queryNames: [],
  limit: () => limits.sends,
  handle: sendChannelMessage,
}

/** Succeeds whoever is in the channel: the answer says nothing about anybody receiving the message. */
async function sendChannelMessage(call: Call): Promise<Answer> {
  const from = requireUserId(call.path.userId, 'user_id in the path')
  const body = parseJsonObject(await call.readBody())
  const channel = requireChannelName(requireText(body, 'channel_name'), 'channel_name')
  const payload = requirePayload(requireText(body, 'payload'))
  // Checked and otherwise without effect: it belongs to the 1.x history, whose calls are withdrawn.
  readSwitch(body, 'enable_historical_messaging')
  call.notePayload(payload)
  call.warnOfMistake('channel_name', channel)

  call.project.sendToChannel({ from, channel, payload })
  return { status: 200, body: { result: 'success', request_id: call.requestId, code: 'message_sent' } }
}
