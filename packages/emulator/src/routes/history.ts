import type { Answer } from '../http/answers.js'
import type { Call, Endpoint } from '../http/endpoint.js'
import { limits } from '../http/limits.js'
import { Refusal } from '../http/refusal.js'
import { requireChannelPath } from './channel-path.js'

const maxInt64 = 2n ** 63n - 1n

/** @see https://docs.agora.io/en/signaling/rest-api/message-history */
export const messageHistory: Endpoint = {
  method: 'GET',
  route: '/rtm/v2/history/:appId/userId/:userId/channelType/:channelType/channel/:channel',
  family: 'rtm-v2',
  // The one failure body that was ever seen in public has this; a success says getMessage.
  operation: 'history',
  basicOnly: false,
  queryNames: ['start', 'end', 'messageCount'],
  limit: () => limits.history,
  handle: readHistory,
}

/**
 * The newest messages first. Any caller may read any channel: the documentation names no rule, and with Basic any
 * user ID goes.
 */
function readHistory(call: Call): Answer {
  const { channelType, channel } = requireChannelPath(call.path)
  const { query } = call
  const start = query.integer('start', { minimum: 0n, maximum: maxInt64, fallback: 0 })
  const end = query.integer('end', { minimum: 0n, maximum: maxInt64, fallback: 0 })
  const messageCount = query.integer('messageCount', { minimum: 1n, maximum: 100n, fallback: 100 })
  if (!call.project.hasHistory) {
    throw new Refusal(
      'history-off',
      'Message history is off for this project: start the emulator with features.history, or enable it for your project in Agora Console, Signaling.',
    )
  }
  const page = call.project.history.read({ channelType, channel, start, end, messageCount })
  return {
    status: 200,
    body: {
      errorCode: 200,
      error: false,
      requestId: call.requestId,
      operation: 'getMessage',
      reason: '',
      timestamp: call.now(),
      data: { messageList: page.messages, count: page.messages.length, newStart: page.newStart },
    },
  }
}
