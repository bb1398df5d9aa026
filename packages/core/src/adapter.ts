/**
 * For whoever writes an adapter: the half of every middleware that knows no framework. Its names keep to semantic
 * versioning, like those of `@agora-signaling/core`. `docs/writing-an-adapter.md` in the repository shows an adapter.
 */
export { isHexId } from './input/app-id.js'
export { callerLifetime } from './adapter/caller-lifetime.js'
export { createClientContext, requireAttached } from './adapter/context.js'
export type {
  AgoraSignalingOptions,
  ClientContext,
  RequestUserId,
  UserIdOfRequest,
} from './adapter/context.js'
export { explainAbsence } from './adapter/absence.js'
export type { HttpAnswer } from './adapter/http-answer.js'
export { toHttpError } from './adapter/http-error.js'
export type { HttpErrorAnswer } from './adapter/http-error.js'
export { loggerOfClient } from './adapter/logger-of-client.js'
export { createNotificationEndpoint } from './adapter/notification-endpoint.js'
export type { NotificationRequest, NotificationRouteOptions } from './adapter/notification-endpoint.js'
export type { NotificationLogger } from './adapter/notification-teller.js'
export type { PerRequest } from './adapter/per-request.js'
export { nodeBody, readRawBody } from './adapter/raw-body.js'
export type { RequestBody } from './adapter/raw-body.js'
export { refuseUncalled, signalingOptionRules } from './adapter/signaling-options.js'
export type { UncheckedSignalingOptions } from './adapter/signaling-options.js'
export type { TenantOptions } from './adapter/tenant-clients.js'
export { createTokenEndpoint, requireSomeoneToAsk, tokenRouteRules } from './adapter/token-endpoint.js'
export type { TokenRequest, TokenRouteOptions } from './adapter/token-endpoint.js'
export { UnavailableClient } from './adapter/unavailable-client.js'
export { concealSecrets } from './concealment.js'
export { nearestName } from './input/nearest-name.js'
export { checkOptions } from './input/options.js'
export type { OptionRules } from './input/options.js'
export {
  aFunction,
  checkedByItsOwner,
  listOf,
  objectOf,
  oneOf,
  text,
  timeLimit,
  yesOrNo,
} from './input/rule.js'
export type { Rule, RuleTable } from './input/rule.js'
