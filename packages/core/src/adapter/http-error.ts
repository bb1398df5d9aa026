import { isAgoraError } from '../errors.js'
import type { AgoraErrorCode, AnyAgoraError } from '../errors.js'
import { longestRetryAfterMs } from '../wire/retry-after.js'
import type { HttpAnswer } from './http-answer.js'

/** The answer to an error. Every adapter gives the same. */
export interface HttpErrorAnswer extends HttpAnswer {
  readonly body: { readonly code: string; readonly message: string }
  /** Whether the status is 500 or more. Report the error to the developer then: the answer does not give the reason. */
  readonly isFault: boolean
}

/** `Retry-After` in seconds, where Agora gave none. */
const defaultRetryAfterSeconds = 1

/**
 * Makes the answer that a caller gets to the error of an Agora call. Gives `undefined` for any other error: pass it on.
 *
 * When Agora refuses the server, the caller did nothing wrong: 401 and 403 of Agora become 502. The answer does not tell
 * what only the developer may know, such as an incomplete set-up or Agora's words.
 *
 * @example
 * const answer = toHttpError(error)
 * if (answer === undefined) throw error
 * if (answer.isFault) console.error(error)
 */
export function toHttpError(error: unknown): HttpErrorAnswer | undefined {
  if (!isAgoraError(error)) return undefined
  const { status, message } = answers[error.code] ?? notSetUp
  const headers = status === 503 ? { 'retry-after': String(retryAfterSeconds(error)) } : {}
  return {
    status,
    headers: { 'cache-control': 'no-store', ...headers },
    body: { code: error.code, message: message ?? error.message },
    isFault: status >= 500,
  }
}

interface Answer {
  readonly status: number
  /** When absent, the caller gets the message of the error, which is about a value that the caller sent. */
  readonly message?: string
}

const invalid: Answer = { status: 400 }
const badToken: Answer = { status: 401 }
const tooMany: Answer = { status: 503, message: 'Too many messages at the moment. Try again later.' }
const upstreamFailed: Answer = {
  status: 502,
  message: 'The messaging service refused or failed. The server has the details.',
}
const notSetUp: Answer = {
  status: 500,
  message: 'The server is not set up correctly. Its log has the details.',
}

/** A newer copy of this package may have codes that are not in this table. */
const answers: Readonly<Record<AgoraErrorCode, Answer | undefined>> = {
  ERR_IDENTITY_MISSING: { status: 401, message: 'Sign in first: this request has no user.' },
  ERR_SENDER_MISMATCH: { status: 403, message: 'You cannot act for another user.' },
  ERR_INVALID_ARGUMENT: invalid,
  ERR_INVALID_CHANNEL: invalid,
  ERR_INVALID_PAYLOAD: invalid,
  ERR_INVALID_USER_ID: invalid,
  ERR_TOKEN_ENVELOPE: badToken,
  ERR_TOKEN_BASE64: badToken,
  ERR_TOKEN_ZLIB: badToken,
  ERR_TOKEN_STRUCTURE: badToken,
  ERR_TOKEN_SIGNATURE: badToken,
  ERR_TOKEN_APP_ID: badToken,
  ERR_TOKEN_NOT_YET_VALID: badToken,
  ERR_TOKEN_EXPIRED: badToken,
  ERR_TOKEN_SERVICE: badToken,
  ERR_TOKEN_SUBJECT: badToken,
  ERR_TOKEN_PRIVILEGE: badToken,
  ERR_WEBHOOK_SIGNATURE: { status: 401, message: 'The signature does not match.' },
  ERR_WEBHOOK_PAYLOAD: { status: 400, message: 'The notification cannot be read.' },
  ERR_WEBHOOK_RAW_BODY: notSetUp,
  ERR_WEBHOOK_HANDLER: notSetUp,
  ERR_WEBHOOK_IN_PROGRESS: { status: 503, message: 'The notification is being handled. Send it again.' },
  ERR_WEBHOOK_STORE: { status: 503, message: 'The notification cannot be handled now. Send it again.' },
  ERR_REJECTED_CONTENT: { status: 422, message: 'The message was refused by content moderation.' },
  ERR_RATE_LIMITED: tooMany,
  ERR_QUOTA_QUEUE_FULL: tooMany,
  ERR_QUOTA_LIMITER: tooMany,
  ERR_TIMEOUT: { status: 504, message: 'The messaging service did not answer in time.' },
  ERR_ABORTED: { status: 499, message: 'The request was aborted.' },
  ERR_BAD_REQUEST: upstreamFailed,
  ERR_UNAUTHORIZED: upstreamFailed,
  ERR_FORBIDDEN: upstreamFailed,
  ERR_NOT_FOUND: upstreamFailed,
  ERR_UPSTREAM: upstreamFailed,
  ERR_INVALID_RESPONSE: upstreamFailed,
  ERR_RESPONSE_TOO_LARGE: upstreamFailed,
  ERR_DNS: upstreamFailed,
  ERR_CONNECTION_REFUSED: upstreamFailed,
  ERR_TLS: upstreamFailed,
  ERR_CONNECTION_RESET: upstreamFailed,
  ERR_CONFIG_MISSING: notSetUp,
  ERR_CONFIG_INVALID: notSetUp,
  ERR_CONFIG_CONFLICT: notSetUp,
  ERR_SECRET_EXPOSED: notSetUp,
  ERR_NOT_REGISTERED: notSetUp,
  ERR_CLIENT_CLOSED: notSetUp,
  ERR_INVALID_APP_ID: notSetUp,
  ERR_INVALID_APP_CERTIFICATE: notSetUp,
  ERR_INVALID_CREDENTIAL: notSetUp,
  ERR_INVALID_PATH: notSetUp,
  ERR_INVALID_SERVICE: notSetUp,
  ERR_INVALID_TOKEN: notSetUp,
  ERR_INVALID_TTL: notSetUp,
}

function retryAfterSeconds(error: AnyAgoraError): number {
  const retryAfterMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined
  // The number may come from a limiter of the host application, and may be anything.
  if (retryAfterMs === undefined || !(retryAfterMs >= 0)) return defaultRetryAfterSeconds
  return Math.ceil(Math.min(retryAfterMs, longestRetryAfterMs) / 1000)
}
