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
export type { NotificationRouteOptions, TokenRouteOptions } from '@agora-signaling/core/internal'
export { getAgora } from './accessor.js'
export { agoraErrorHandler } from './error-handler.js'
export { notificationRoute } from './notification-route.js'
export type { NotificationRoute } from './notification-route.js'
export { agoraSignaling } from './plugin.js'
export type { AgoraSignalingPluginOptions } from './plugin.js'
export { tokenRoute } from './token-route.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The Signaling client of this request. There from the `onRequest` hook on; `getAgora(request)` checks that it did. */
    agora: SignalingClient
  }
}
