export {
  AgoraAbortError,
  AgoraApiError,
  AgoraCallError,
  AgoraConfigError,
  AgoraConnectionError,
  AgoraError,
  AgoraQuotaError,
  AgoraTimeoutError,
  AgoraTokenError,
  AgoraValidationError,
  AgoraWebhookError,
  createSignalingClient,
  isAgoraError,
} from '@agora-signaling/core'
export type {
  AgoraErrorCode,
  AgoraNotification,
  NotificationStore,
  SignalingClient,
  SignalingClientOptions,
} from '@agora-signaling/core'
export type {
  AgoraSignalingOptions,
  NotificationRouteOptions,
  TenantOptions,
  TokenRouteOptions,
} from '@agora-signaling/core/adapter'
export { getAgora } from './accessor.js'
export { agoraErrorHandler } from './error-handler.js'
export type { AgoraErrorHandlerOptions } from './error-handler.js'
export { agoraSignaling } from './middleware.js'
export type { AgoraSignalingEnv, AgoraSignalingMiddleware } from './middleware.js'
export { notificationRoute } from './notification-route.js'
export { tokenRoute } from './token-route.js'
