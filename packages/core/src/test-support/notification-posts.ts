import { vi } from 'vitest'
import type { Mock } from 'vitest'
import type { HttpAnswer } from '../adapter/http-answer.js'
import { createNotificationEndpoint } from '../adapter/notification-endpoint.js'
import type { NotificationRequest, NotificationRouteOptions } from '../adapter/notification-endpoint.js'
import { signNotification } from '../notifications/sign.js'
import type { NotificationDraft } from '../notifications/sign.js'
import { isJsonObject } from '../input/json.js'

export const secret = 'webhook-secret'

/** What Agora is answered when all is well. */
export const done: HttpAnswer = { status: 200, headers: {}, body: {} }

export type Endpoint = ReturnType<typeof createNotificationEndpoint>

/** The listener of {@link endpointOf}. */
export const onError: Mock<(error: unknown) => void> = vi.fn<(error: unknown) => void>()

/** The codes of the errors that the listener was told of. */
export function toldCodes(): unknown[] {
  return onError.mock.calls.map(([error]) => (isJsonObject(error) ? error['code'] : undefined))
}

export function endpointOf(options: Partial<NotificationRouteOptions> = {}): Endpoint {
  return createNotificationEndpoint({ secret, onNotification: () => undefined, onError, ...options })
}

/** Posts a notification as Agora does: always the same one, unless something is changed. */
export function post(
  endpoint: Endpoint,
  draft: Partial<NotificationDraft> = {},
  change: Partial<NotificationRequest> = {},
): Promise<HttpAnswer> {
  const { rawBody, headers } = signNotification({
    secret,
    productId: 1,
    eventType: 103,
    noticeId: 'same',
    ...draft,
  })
  return endpoint({ method: 'POST', headers, readRawBody: async () => rawBody, ...change })
}

/** Throws what is no error, as programs do. */
export function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown
  }
}
