import { isSignalingClient } from '../client/client.js'
import type { NotificationLogger } from './notification-teller.js'

/**
 * The logger of the client that a middleware attached to a request. The notification route needs none, and tells
 * `console` where there is none.
 *
 * @param read Reads the client. It may throw: where no middleware ran, the property says so.
 */
export function loggerOfClient(read: () => unknown): NotificationLogger | undefined {
  try {
    const client = read()
    return isSignalingClient(client) ? client.log : undefined
  } catch {
    return undefined
  }
}
