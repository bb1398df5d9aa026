import type { SignalingClient } from '@agora-signaling/core'
import type { AgoraSignalingScope } from './scope.js'

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
  NotificationRouteOptions,
  TenantOptions,
  TokenRouteOptions,
} from '@agora-signaling/core/adapter'
export { getAgora } from './accessor.js'
export { agoraErrorHandler } from './error-handler.js'
export { notificationRoute } from './notification-route.js'
export type { NotificationRoute } from './notification-route.js'
export { agoraSignaling } from './plugin.js'
export type { AgoraSignalingPluginOptions } from './plugin.js'
export type { AgoraSignalingScope } from './scope.js'
export { tokenRoute } from './token-route.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the plugin `agoraSignaling` offers in the scope it is registered in. */
    agora: AgoraSignalingScope
  }
  interface FastifyRequest {
    /** The Signaling client of this request. There in the handler of every route of a scope that has the plugin. */
    agora: SignalingClient
  }
}
