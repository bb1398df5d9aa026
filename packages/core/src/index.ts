export { buildAccessToken2, buildSignalingToken } from './access-token/build.js'
export type { BuildAccessToken2Options, BuildSignalingTokenOptions } from './access-token/build.js'
export type { TokenCompression } from './access-token/format/envelope.js'
export { inspectToken } from './access-token/inspect.js'
export type { InspectTokenOptions } from './access-token/inspect.js'
export { parseAccessToken2 } from './access-token/parse.js'
export type { ParsedAccessToken2 } from './access-token/parse.js'
export type { TokenRequirement } from './access-token/requirement.js'
export { apaasService } from './access-token/services/apaas.js'
export type { ApaasService, ApaasServiceOptions } from './access-token/services/apaas.js'
export { chatService } from './access-token/services/chat.js'
export type { ChatService, ChatServiceOptions } from './access-token/services/chat.js'
export { convoAiService } from './access-token/services/convo-ai.js'
export type { ConvoAiService } from './access-token/services/convo-ai.js'
export { fcdnService } from './access-token/services/fcdn.js'
export type { FcdnService, FcdnServiceOptions } from './access-token/services/fcdn.js'
export { fpaService } from './access-token/services/fpa.js'
export type { FpaService, FpaServiceOptions } from './access-token/services/fpa.js'
export { rtcService } from './access-token/services/rtc.js'
export type { RtcService, RtcServiceOptions } from './access-token/services/rtc.js'
export { rtmService } from './access-token/services/rtm.js'
export type { RtmService, RtmServiceOptions } from './access-token/services/rtm.js'
export { rtm2Service } from './access-token/services/rtm2.js'
export type { Rtm2Service, Rtm2ServiceOptions } from './access-token/services/rtm2.js'
export { streamingService } from './access-token/services/streaming.js'
export type { StreamingService, StreamingServiceOptions } from './access-token/services/streaming.js'
export { sttService } from './access-token/services/stt.js'
export type { SttService } from './access-token/services/stt.js'
export type { Rtm2Permission } from './access-token/services/permissions.js'
export type { ServicePrivileges } from './access-token/services/privileges.js'
export { ServiceType } from './access-token/services/service-type.js'
export type {
  AccessToken2Service,
  AccessToken2ServiceInput,
  AccessToken2ServiceType,
} from './access-token/services/service-type.js'
export type { TokenFinding, TokenFindingCode, TokenReport } from './access-token/token-report.js'
export { verifyAccessToken2 } from './access-token/verify.js'
export type { VerifiedAccessToken2, VerifyAccessToken2Options } from './access-token/verify.js'
export { accessToken2Auth } from './auth/access-token2.js'
export type { AccessToken2AuthOptions } from './auth/access-token2.js'
export { basicAuth } from './auth/basic.js'
export { basicAuthHeaders, tokenAuthHeaders } from './auth/headers.js'
export type { TokenHeaderStyle } from './auth/header-style.js'
export type { Authorization, AuthStrategy } from './auth/strategy.js'
export { tokenAuth } from './auth/supplied-token.js'
export type { TokenAuthOptions } from './auth/supplied-token.js'
export type { ChannelType } from './input/channel-type.js'
export { createSignalingClient } from './client/client.js'
export type { IssuedToken, IssueTokenOptions, SignalingClient } from './client/client.js'
export type { ChannelEvent, EventBatch, PullOptions, SignalingEvent, UserEvent } from './client/events.js'
export type { HistoryListing, HistoryMessage, HistoryOptions, HistoryPage } from './client/history.js'
export type { SendOptions, SendToChannelOptions, SendToUserOptions } from './client/message-options.js'
export type { SendToChannelResult, SendToUserResult } from './client/messages.js'
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
export type { BasicCredentials } from './credentials/basic-credentials.js'
export { channelNameProblem, userIdProblem } from './input/identifiers.js'
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
export type { Area } from './hosts/areas.js'
export type { AttemptTrace, CallTrace } from './call/diagnostics.js'
export type { Quota, QuotaOptions } from './quota/quotas.js'
export type { SharedLimiter } from './quota/shared-quota.js'
export type { Logger, LogLevel } from './logger.js'
export { publishedLimits } from './operations.js'
