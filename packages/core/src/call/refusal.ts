import { AgoraApiError } from '../errors.js'
import type { AgoraErrorCode, CallDetails } from '../errors.js'
import type { ApiAnswer } from '../wire/answer.js'
import { publishedLimits } from '../operations.js'
import type { OperationRow } from '../operations.js'

/**
 * Turns a refusal into the error that says what to check.
 *
 * The message holds our own words only. Where an application does not handle errors, some frameworks show the message or
 * the stack to their own callers.
 */
export function refusalError(
  answer: ApiAnswer,
  context: CallDetails & { operation: OperationRow; explainUnauthorized: () => string },
): AgoraApiError {
  const { operation, explainUnauthorized, method, path, attempts } = context
  const host = attempts.at(-1)?.host ?? 'Agora'
  const hint = hintFor(answer, operation, host, explainUnauthorized)
  const message = [`${host} answered ${answer.status} to ${method} ${path}.`, hint].filter(Boolean).join(' ')
  return new AgoraApiError(codeFor(answer.status), message, {
    upstreamStatus: answer.status,
    requestId: answer.requestId,
    retryAfterMs: answer.retryAfterMs,
    hint: answer.emulatorReason ?? hint,
    upstreamMessage: answer.problem,
    method,
    path,
    attempts,
  })
}

type ApiErrorCode = AgoraErrorCode & AgoraApiError['code']

function codeFor(status: number): ApiErrorCode {
  switch (status) {
    case 401:
      return 'ERR_UNAUTHORIZED'
    case 403:
      return 'ERR_FORBIDDEN'
    case 404:
    case 410:
      return 'ERR_NOT_FOUND'
    case 429:
      return 'ERR_RATE_LIMITED'
    case 435:
      return 'ERR_REJECTED_CONTENT'
    case 408:
      return 'ERR_UPSTREAM'
    default:
      if (status >= 500) return 'ERR_UPSTREAM'
      return status >= 400 ? 'ERR_BAD_REQUEST' : 'ERR_INVALID_RESPONSE'
  }
}

/** Where the row of the operation says nothing about the status. */
const hints: Readonly<Record<number, string>> = {
  403: 'Check that the App ID belongs to the account of these credentials, and that Signaling is enabled for it in Agora Console → Project Management → the project.',
  435: 'Content moderation refused the payload.',
}

function hintFor(
  { status }: ApiAnswer,
  operation: OperationRow,
  host: string,
  explainUnauthorized: () => string,
): string | undefined {
  if (status === 401) return explainUnauthorized()
  const ownHint = operation.hints?.[status]
  if (ownHint !== undefined) return ownHint
  if (status === 404) {
    return `${host} has no such route: check the base URL (baseUrl, AGORA_REST_BASE_URL) and the App ID; the service may not be deployed on this host.`
  }
  if (status === 429) {
    const { perSecond, words, per } = publishedLimits[operation.limit]
    return `Agora's limit is ${perSecond} ${words}, per ${per}. Spread the calls, or ask Agora to raise the limit.`
  }
  if (status >= 300 && status < 400) {
    return 'Redirects are not followed: credentials would travel to another host. Check the base URL (baseUrl, AGORA_REST_BASE_URL).'
  }
  return hints[status]
}
