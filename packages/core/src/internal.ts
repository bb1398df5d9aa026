/**
 * What our own adapters, the emulator and the apps share. No promise of stability: pin the same version.
 */
export { listTokenChecks } from './access-token/verify.js'
export type { TokenCheckResult } from './access-token/verify.js'
export { isHexId } from './input/app-id.js'
export { channelNameProblem, userIdProblem } from './input/identifiers.js'
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
export { explainAbsence } from './adapter/absence.js'
export { callerLifetime } from './adapter/caller-lifetime.js'
export { createClientContext, requireAttached } from './adapter/context.js'
export type {
  AgoraSignalingOptions,
  ClientContext,
  RequestUserId,
  UserIdOfRequest,
} from './adapter/context.js'
export type { HttpAnswer } from './adapter/http-answer.js'
export { toHttpError } from './adapter/http-error.js'
export type { HttpErrorAnswer } from './adapter/http-error.js'
export { createNotificationEndpoint } from './adapter/notification-endpoint.js'
export type { NotificationRequest, NotificationRouteOptions } from './adapter/notification-endpoint.js'
export type { NotificationLogger } from './adapter/notification-teller.js'
export { loggerOfClient } from './adapter/logger-of-client.js'
export type { PerRequest } from './adapter/per-request.js'
export { nodeBody, readRawBody } from './adapter/raw-body.js'
export type { RequestBody } from './adapter/raw-body.js'
export { refuseUncalled, signalingOptionRules } from './adapter/signaling-options.js'
export type { UncheckedSignalingOptions } from './adapter/signaling-options.js'
export type { TenantOptions } from './adapter/tenant-clients.js'
export { createTokenEndpoint, requireSomeoneToAsk, tokenRouteRules } from './adapter/token-endpoint.js'
export type { TokenRequest, TokenRouteOptions } from './adapter/token-endpoint.js'
