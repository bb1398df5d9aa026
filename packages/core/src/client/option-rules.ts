import { headerStyle } from '../auth/header-style.js'
import { tokenSource } from '../auth/supplied-token.js'
import type { AuthStrategy } from '../auth/strategy.js'
import { areas } from '../hosts/areas.js'
import type { QuotaOptions } from '../quota/quotas.js'
import type { SharedLimiter } from '../quota/shared-quota.js'
import { suppliedDispatcher } from '../wire/supplied-dispatcher.js'
import type { OptionRules } from '../input/options.js'
import {
  aNumber,
  either,
  objectOf,
  off,
  oneOf,
  text,
  timeLimit,
  wholeNumber,
  withMethods,
} from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { appCertificateText, appIdText, userIdText } from '../input/values.js'
import { levels } from '../logger.js'
import type { Logger } from '../logger.js'
import type { UncheckedClientOptions } from './options.js'

const strategy: Rule<AuthStrategy> = withMethods(
  'what basicAuth(), accessToken2Auth() or tokenAuth() gives',
  'canActFor',
  'authorize',
  'renew',
)

const logger: Rule<Logger> = withMethods(
  'an object with the methods debug, info, warn and error, as console has them',
  'debug',
  'info',
  'warn',
  'error',
)

const quota: Rule<number | SharedLimiter | false> = either(
  aNumber('a number of calls a second'),
  either(withMethods<SharedLimiter>('a limiter with consume(key)', 'consume'), off),
)

const quotas: Rule<QuotaOptions> = objectOf<QuotaOptions>('an object of quotas, as in { messages: 100 }', {
  messages: quota,
  userEvents: quota,
  channelEvents: quota,
  history: quota,
  publish: quota,
  projects: quota,
  maxWaiting: aNumber('a number of calls'),
})

const ownUserId: Rule<string> = {
  ...userIdText,
  expected:
    'text: the ID of the user that the back end itself acts for (of a number, String(id)). A function that finds the ' +
    'user of a request is an option of agoraSignaling()',
}

/** What `createSignalingClient` knows, and with it every adapter. */
export const clientOptionRules: OptionRules<UncheckedClientOptions> = {
  appId: appIdText,
  baseUrl: text,
  insecureHost: text,
  area: oneOf(areas),
  timeoutMs: timeLimit,
  attemptTimeoutMs: timeLimit,
  maxAttempts: wholeNumber('attempts', 1, 10),
  quotas: either(quotas, off),
  logger,
  logLevel: oneOf(levels),
  headerStyle,
  dispatcher: suppliedDispatcher,
  auth: strategy,
  customerId: text,
  customerSecret: text,
  appCertificate: appCertificateText,
  token: tokenSource,
  userId: ownUserId,
}
