/** Helpers for the tests of applications. */
export { signNotification } from './notifications/sign.js'
export { clientRuntime } from './runtime.js'
export type { Runtime } from './runtime.js'
export type { NotificationDraft, SignedNotification } from './notifications/sign.js'
