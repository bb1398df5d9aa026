/**
 * What our own adapters, the emulator and the apps share. No promise of stability: pin the same version.
 */
export { listTokenChecks } from './access-token/verify.js'
export type { TokenCheckResult } from './access-token/verify.js'
export { channelNameProblem, userIdProblem } from './client/identifiers.js'
export { clientOptionRules } from './client/option-rules.js'
export type { UncheckedClientOptions } from './client/options.js'
export { nearestName } from './input/nearest-name.js'
export { checkArguments, checkOptions } from './input/options.js'
export type { OptionRules } from './input/options.js'
export {
  abortSignal,
  aFunction,
  aNumber,
  checkedByItsOwner,
  either,
  listOf,
  objectOf,
  off,
  oneOf,
  text,
  timeLimit,
  wholeNumber,
  withMethods,
  yesOrNo,
} from './input/rule.js'
export type { Rule, RuleTable } from './input/rule.js'
export { concealSecrets } from './concealment.js'
export { explainAbsence } from './middleware/absence.js'
export { callerLifetime } from './middleware/caller-lifetime.js'
export { createClientContext, requireAttached } from './middleware/context.js'
export type {
  AgoraSignalingOptions,
  ClientContext,
  RequestUserId,
  UserIdOfRequest,
} from './middleware/context.js'
export type { HttpAnswer } from './middleware/http-answer.js'
export { toHttpError } from './middleware/http-error.js'
export type { HttpErrorAnswer } from './middleware/http-error.js'
export { createNotificationEndpoint } from './middleware/notification-endpoint.js'
export type { NotificationRequest, NotificationRouteOptions } from './middleware/notification-endpoint.js'
export type { NotificationLogger } from './middleware/notification-teller.js'
export { loggerOfClient } from './middleware/logger-of-client.js'
export type { PerRequest } from './middleware/per-request.js'
export { nodeBody, readRawBody } from './middleware/raw-body.js'
export type { RequestBody } from './middleware/raw-body.js'
export { refuseUncalled, signalingOptionRules } from './middleware/signaling-options.js'
export type { UncheckedSignalingOptions } from './middleware/signaling-options.js'
export type { TenantOptions } from './middleware/tenant-clients.js'
export { createTokenEndpoint, requireSomeoneToAsk, tokenRouteRules } from './middleware/token-endpoint.js'
export type { TokenRequest, TokenRouteOptions } from './middleware/token-endpoint.js'
