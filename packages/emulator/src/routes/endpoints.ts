import type { Endpoint } from '../http/endpoint.js'
import { channelMessages } from './channel-messages.js'
import { channelEvents, userEvents } from './events.js'
import { messageHistory } from './history.js'
import { peerMessages } from './peer-messages.js'
import { projects } from './projects.js'
import { publish } from './publish.js'

/** Every call the emulator serves. */
export const endpoints: readonly Endpoint[] = [
  peerMessages,
  channelMessages,
  userEvents,
  channelEvents,
  messageHistory,
  publish,
  projects,
]
