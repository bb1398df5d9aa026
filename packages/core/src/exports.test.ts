import { expect, test } from 'vitest'
import * as agoraToken from './agora-token.js'
import * as core from './index.js'
import * as adapter from './adapter.js'
import * as testing from './testing.js'

// A change here is a change of what users can import.
test('the public exports of @agora-signaling/core', () => {
  expect(Object.keys(core).toSorted()).toMatchInlineSnapshot(`
    [
      "AgoraAbortError",
      "AgoraApiError",
      "AgoraCallError",
      "AgoraConfigError",
      "AgoraConnectionError",
      "AgoraError",
      "AgoraQuotaError",
      "AgoraTimeoutError",
      "AgoraTokenError",
      "AgoraValidationError",
      "AgoraWebhookError",
      "MemoryNotificationStore",
      "ServiceType",
      "accessToken2Auth",
      "apaasService",
      "basicAuth",
      "basicAuthHeaders",
      "buildAccessToken2",
      "buildSignalingToken",
      "channelNameProblem",
      "chatService",
      "convoAiService",
      "createSignalingClient",
      "fcdnService",
      "fpaService",
      "inspectToken",
      "isAgoraError",
      "loadCredentials",
      "parseAccessToken2",
      "parseKeyAndSecret",
      "publishedLimits",
      "rtcService",
      "rtm2Service",
      "rtmService",
      "streamingService",
      "sttService",
      "tokenAuth",
      "tokenAuthHeaders",
      "userIdProblem",
      "verifyAccessToken2",
      "verifyNotification",
    ]
  `)
})

test('the exports of @agora-signaling/core/adapter', () => {
  expect(Object.keys(adapter).toSorted()).toMatchInlineSnapshot(`
    [
      "UnavailableClient",
      "aFunction",
      "callerLifetime",
      "checkOptions",
      "checkedByItsOwner",
      "concealSecrets",
      "createClientContext",
      "createNotificationEndpoint",
      "createTokenEndpoint",
      "explainAbsence",
      "isHexId",
      "listOf",
      "loggerOfClient",
      "nearestName",
      "nodeBody",
      "objectOf",
      "oneOf",
      "readRawBody",
      "refuseUncalled",
      "requireAttached",
      "requireSomeoneToAsk",
      "signalingOptionRules",
      "text",
      "timeLimit",
      "toHttpError",
      "tokenRouteRules",
      "yesOrNo",
    ]
  `)
})

test('the exports of @agora-signaling/core/testing', () => {
  expect(Object.keys(testing).toSorted()).toMatchInlineSnapshot(`
    [
      "clientRuntime",
      "createTestClient",
      "signNotification",
    ]
  `)
})

test('the exports of @agora-signaling/core/agora-token', () => {
  expect(Object.keys(agoraToken).toSorted()).toMatchInlineSnapshot(`
    [
      "ApaasTokenBuilder",
      "ChatTokenBuilder",
      "ConvoAITokenBuilder",
      "EducationTokenBuilder",
      "FpaTokenBuilder",
      "RtcRole",
      "RtcTokenBuilder",
      "Rtm2Permissions",
      "RtmTokenBuilder",
      "SttTokenBuilder",
    ]
  `)
})
