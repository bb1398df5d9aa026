/** Helpers for the tests of applications. */
export { signNotification } from './notifications/sign.js'
export { createTestClient } from './testing/test-client.js'
export type { RecordedCall, TestClient, TestClientOptions } from './testing/test-client.js'
export type { AnsweredMethod, TestAnswers } from './testing/test-answers.js'
export { clientRuntime } from './runtime.js'
export type { Runtime } from './runtime.js'
export type { NotificationDraft, SignedNotification } from './notifications/sign.js'
