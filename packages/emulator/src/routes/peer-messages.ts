import type { Answer } from '../http/answers.js'
import type { Call, Endpoint } from '../http/endpoint.js'
import { limits } from '../http/limits.js'
import { parseJsonObject, readSwitch, requirePayload, requireText } from '../http/message-body.js'
import { requireUserId } from '../http/parameters.js'

/** @see https://docs.agora.io/en/signaling/rest-api/peer-to-peer-message */
export const peerMessages: Endpoint = {
  method: 'POST',
  route: '/dev/v2/project/:appId/rtm/users/:userId/peer_messages',
  family: 'dev-v2',
  operation: 'peer_messages',
  basicOnly: false,
  queryNames: ['wait_for_ack'],
  limit: () => limits.sends,
  handle: sendPeerMessage,
}

async function sendPeerMessage(call: Call): Promise<Answer> {
  const from = requireUserId(call.path.userId, 'user_id in the path')
  const waitForAck = call.query.boolean('wait_for_ack')
  const body = parseJsonObject(await call.readBody())
  const to = requireUserId(requireText(body, 'destination'), 'destination')
  const payload = requirePayload(requireText(body, 'payload'))
  const storeWhenOffline = readSwitch(body, 'enable_offline_messaging')
  // Checked and otherwise without effect: it belongs to the 1.x history, whose calls are withdrawn.
  readSwitch(body, 'enable_historical_messaging')
  call.notePayload(payload)
  call.warnOfMistake('destination', to)

  const online = call.project.sendToUser({ from, to, payload, storeWhenOffline })
  const answersOffline = waitForAck || call.variants.offlineWithoutAck
  if (!online && answersOffline) return offlineAnswer(call, storeWhenOffline)
  if (!waitForAck) return sentAnswer(call, 'message_sent')
  await call.pause(call.variants.ackDelayMs)
  return sentAnswer(call, 'message_delivered')
}

function offlineAnswer(call: Call, stored: boolean): Answer {
  const { offlineBody, storedCode } = call.variants
  if (stored && storedCode === 'message_sent') return sentAnswer(call, 'message_sent')
  if (offlineBody === 'legacy') return sentAnswer(call, 'peer_offline')
  // As documented: the only answer of this call without `result`.
  return { status: 200, body: { request_id: call.requestId, code: 'message_offline' } }
}

function sentAnswer(call: Call, code: string): Answer {
  return { status: 200, body: { result: 'success', request_id: call.requestId, code } }
}
