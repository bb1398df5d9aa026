import { expect, test } from 'vitest'
import * as agoraToken from './agora-token.js'
import * as core from './index.js'
import * as internal from './internal.js'
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
      "rtcService",
      "rtm2Service",
      "rtmService",
      "streamingService",
      "sttService",
      "tokenAuth",
      "tokenAuthHeaders",
      "verifyAccessToken2",
      "verifyNotification",
    ]
  `)
})

test('the exports of @agora-signaling/core/internal', () => {
  expect(Object.keys(internal).toSorted()).toMatchInlineSnapshot(`
    [
      "aFunction",
      "aNumber",
      "abortSignal",
      "callerLifetime",
      "channelNameProblem",
      "checkArguments",
      "checkOptions",
      "checkedByItsOwner",
      "clientOptionRules",
      "concealSecrets",
      "createClientContext",
      "createNotificationEndpoint",
      "createTokenEndpoint",
      "either",
      "explainAbsence",
      "listOf",
      "listTokenChecks",
      "loggerOfClient",
      "nearestName",
      "nodeBody",
      "objectOf",
      "off",
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
      "userIdProblem",
      "wholeNumber",
      "withMethods",
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
