import type { UncheckedClientOptions } from '../client/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner, text, wholeNumber, withMethods } from '../input/rule.js'

const ms = wholeNumber('milliseconds', 1, 2 ** 31 - 1)

export const clientOptionRules: OptionRules<UncheckedClientOptions> = {
  appId: text, baseUrl: text, area: text, timeoutMs: ms, attemptTimeoutMs: ms, maxAttempts: checkedByItsOwner,
  quotas: checkedByItsOwner,
  logger: withMethods('a logger', 'debug', 'info', 'warn', 'error'), logLevel: checkedByItsOwner, headerStyle: text,
  dispatcher: withMethods('an undici dispatcher', 'dispatch'), auth: checkedByItsOwner, customerId: text, customerSecret: text,
  appCertificate: text, token: checkedByItsOwner, userId: text,
}
