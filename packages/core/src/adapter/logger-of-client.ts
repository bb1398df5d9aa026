import { isSignalingClient } from '../client/client.js'
import type { NotificationLogger } from './notification-teller.js'

/**
 * Gives the logger of the client that a middleware attached to a request, for `NotificationRequest.logger`. Gives `undefined`
 * where no middleware ran: the notification route does not need one.
 *
 * @param read Reads the client. It may throw, as a property that `explainAbsence` defined does.
 *
 * @example
 * loggerOfClient(() => req.agora)
 */
export function loggerOfClient(read: () => unknown): NotificationLogger | undefined {
  try {
    const client = read()
    return isSignalingClient(client) ? client.log : undefined
  } catch {
    return undefined
  }
}
