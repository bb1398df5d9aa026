import type { Endpoint } from '../http/endpoint.js'
import { limits } from '../http/limits.js'

/** @see https://docs.agora.io/en/signaling/rest-api/user-events */
export const userEvents: Endpoint = {
  method: 'GET',
  route: '/dev/v2/project/:appId/rtm/vendor/user_events',
  family: 'dev-v2',
  operation: 'user_events',
  basicOnly: false,
  queryNames: [],
  limit: () => limits.userEvents,
  handle: ({ project, requestId }) => ({
    status: 200,
    body: { result: 'success', request_id: requestId, events: project.presence.userEvents.read() },
  }),
}

/** @see https://docs.agora.io/en/signaling/rest-api/channel-events */
export const channelEvents: Endpoint = {
  method: 'GET',
  route: '/dev/v2/project/:appId/rtm/vendor/channel_events',
  family: 'dev-v2',
  operation: 'channel_events',
  basicOnly: false,
  queryNames: [],
  limit: () => limits.channelEvents,
  handle: ({ project, requestId }) => ({
    status: 200,
    body: { result: 'success', request_id: requestId, events: project.presence.channelEvents.read() },
  }),
}
