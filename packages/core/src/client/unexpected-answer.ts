import { AgoraApiError } from '../errors.js'
import type { CallResult } from '../http/call.js'
import { shownPath } from '../shown-path.js'

/** A success whose body is not what the endpoint documents. */
export function unexpectedAnswer(
  call: { readonly method: string; readonly path: string },
  { answer, attempts }: CallResult,
  expected: string,
): AgoraApiError {
  const path = shownPath(call.path)
  return new AgoraApiError(
    'ERR_INVALID_RESPONSE',
    `Agora answered ${call.method} ${path} with JSON that holds no ${expected}. Is the base URL (baseUrl, AGORA_REST_BASE_URL) right?`,
    {
      upstreamStatus: answer.status,
      requestId: answer.requestId,
      method: call.method,
      path,
      attempts,
    },
  )
}
