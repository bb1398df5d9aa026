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
export { AgoraExceptionFilter } from './exception-filter.js'
export { AgoraSignalingModule } from './module.js'
export type {
  AgoraModuleOptions,
  AgoraModulePlacement,
  AgoraRequest,
  AgoraRootAsyncOptions,
  AgoraRootOptions,
  AgoraRoutePlacement,
} from './options.js'
export { Agora } from './request-client.js'
export { getAgoraTenantsToken, InjectAgoraTenants } from './tenants.js'
export type { AgoraTenants } from './tenants.js'
export { getAgoraToken, InjectAgora } from './tokens.js'
