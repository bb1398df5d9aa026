import { AgoraApiError } from '../errors.js'
import type { ApiAnswer } from '../http/answer.js'

/** A success whose body is not what the endpoint documents. */
export function unexpectedAnswer(
  call: { readonly method: string; readonly path: string },
  answer: ApiAnswer,
  expected: string,
): AgoraApiError {
  return new AgoraApiError(
    'ERR_INVALID_RESPONSE',
    `Agora answered ${call.method} ${call.path} with JSON that holds no ${expected}. Is the base URL (baseUrl, AGORA_REST_BASE_URL) right?`,
    {
      upstreamStatus: answer.status,
      requestId: answer.requestId,
      method: call.method,
      path: call.path,
      attempts: answer.attempts,
    },
  )
}
