import type { SignalingClient } from '@agora-signaling/core'

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
export type { AgoraSignalingHandler } from './middleware.js'
export { notificationRoute } from './notification-route.js'
export { tokenRoute } from './token-route.js'

declare global {
  namespace Express {
    interface Request {
      /** The Signaling client of this request. There once `agoraSignaling()` ran; `getAgora(req)` checks that it did. */
      agora: SignalingClient
    }
  }
}
