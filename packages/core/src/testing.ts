/** Helpers for the tests of applications. */
export { signNotification } from './notifications/sign.js'
export type { NotificationDraft, SignedNotification } from './notifications/sign.js'
