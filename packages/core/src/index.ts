export { buildAccessToken2, buildSignalingToken } from './access-token/build.js'
export type { BuildAccessToken2Options, BuildSignalingTokenOptions } from './access-token/build.js'
export type { TokenCompression } from './access-token/envelope.js'
export { inspectToken } from './access-token/inspect.js'
export type { InspectTokenOptions } from './access-token/inspect.js'
export { parseAccessToken2 } from './access-token/parse.js'
export type { ParsedAccessToken2 } from './access-token/parse.js'
export type { TokenRequirement } from './access-token/requirement.js'
export { ServiceType } from './access-token/service-types.js'
export type {
  AccessToken2Service,
  AccessToken2ServiceInput,
  AccessToken2ServiceType,
  ApaasService,
  ChatService,
  ConvoAiService,
  FcdnService,
  FpaService,
  RtcService,
  Rtm2Permission,
  Rtm2Service,
  RtmService,
  ServicePrivileges,
  StreamingService,
  SttService,
} from './access-token/service-types.js'
export {
  apaasService,
  chatService,
  convoAiService,
  fcdnService,
  fpaService,
  rtcService,
  rtm2Service,
  rtmService,
  streamingService,
  sttService,
} from './access-token/services.js'
export type {
  ApaasServiceOptions,
  ChatServiceOptions,
  FcdnServiceOptions,
  FpaServiceOptions,
  RtcServiceOptions,
  Rtm2ServiceOptions,
  RtmServiceOptions,
  StreamingServiceOptions,
} from './access-token/services.js'
export type { TokenFinding, TokenFindingCode, TokenReport } from './access-token/token-report.js'
export { verifyAccessToken2 } from './access-token/verify.js'
export type { VerifiedAccessToken2, VerifyAccessToken2Options } from './access-token/verify.js'
export { accessToken2Auth } from './auth/access-token2.js'
export type { AccessToken2AuthOptions } from './auth/access-token2.js'
export { basicAuth } from './auth/basic.js'
export { basicAuthHeaders, tokenAuthHeaders } from './auth/headers.js'
export type { BasicCredentials, TokenHeaderStyle } from './auth/headers.js'
export type { Authorization, AuthStrategy } from './auth/strategy.js'
export { tokenAuth } from './auth/supplied-token.js'
export type { TokenAuthOptions } from './auth/supplied-token.js'
export type { ChannelType } from './client/channel-type.js'
export { createSignalingClient } from './client/client.js'
export type { IssuedToken, IssueTokenOptions, SignalingClient } from './client/client.js'
export type { EventBatch } from './client/event-batch.js'
export type { ChannelEvent, PullOptions, SignalingEvent, UserEvent } from './client/events.js'
export type { HistoryListing, HistoryMessage, HistoryOptions, HistoryPage } from './client/history.js'
export type {
  SendOptions,
  SendToChannelOptions,
  SendToChannelResult,
  SendToUserOptions,
  SendToUserResult,
} from './client/messages.js'
export type {
  ClientCredentialOptions,
  CommonClientOptions,
  SignalingClientOptions,
} from './client/options.js'
export type { OutgoingMessage, SendManyOptions } from './client/send-many-options.js'
export type {
  SendManyCounts,
  SendManyProgress,
  SendManyReport,
  SendManyResume,
  SendOutcome,
} from './client/send-many-report.js'
export type { ListProjectsOptions, Project } from './client/projects.js'
export type { PublishOptions } from './client/publish.js'
export type { RequestOptions, RequestResult } from './client/request.js'
export { loadCredentials } from './credentials/credentials.js'
export type { CertificateCredentials, Credentials, CustomerCredentials } from './credentials/credentials.js'
export { parseKeyAndSecret } from './credentials/key-and-secret.js'
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
  isAgoraError,
} from './errors.js'
export type { AgoraErrorCode, AnyAgoraError, CallAttempt, CallDetails } from './errors.js'
export { MemoryNotificationStore } from './notifications/store.js'
export type { NotificationClaim, NotificationStore } from './notifications/store.js'
export { verifyNotification } from './notifications/verify.js'
export type {
  AgoraNotification,
  NotificationHeaders,
  VerifyNotificationOptions,
} from './notifications/verify.js'
export type { Area } from './http/areas.js'
export type { AttemptTrace, CallTrace } from './http/diagnostics.js'
export type { Quota, QuotaOptions } from './http/quota.js'
export type { SharedLimiter } from './http/shared-quota.js'
export type { Logger, LogLevel } from './logger.js'
