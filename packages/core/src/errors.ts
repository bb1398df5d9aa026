/**
 * The one error tree of this project.
 *
 * Every class carries a stable `code`; the codes of two classes never overlap, so `switch (error.code)` narrows
 * the class after {@link isAgoraError}. Messages are for the developer and never hold a secret, a token or a
 * payload. No error has a `status`: when Agora refuses *us*, its status must not become our answer by accident.
 */

// Survives two copies of this package in one process, where `instanceof` does not.
const brand = Symbol.for('@agora-signaling/core.error')

/** Codes of {@link AgoraConfigError}. */
export type AgoraConfigErrorCode =
  | 'ERR_CONFIG_MISSING'
  | 'ERR_CONFIG_INVALID'
  | 'ERR_CONFIG_CONFLICT'
  | 'ERR_SECRET_EXPOSED'
  | 'ERR_NOT_REGISTERED'
  | 'ERR_CLIENT_CLOSED'

/** Codes of {@link AgoraValidationError}. */
export type AgoraValidationErrorCode =
  | 'ERR_INVALID_ARGUMENT'
  | 'ERR_INVALID_APP_ID'
  | 'ERR_INVALID_APP_CERTIFICATE'
  | 'ERR_INVALID_CHANNEL'
  | 'ERR_INVALID_CREDENTIAL'
  | 'ERR_INVALID_PAYLOAD'
  | 'ERR_INVALID_PATH'
  | 'ERR_INVALID_SERVICE'
  | 'ERR_INVALID_TOKEN'
  | 'ERR_INVALID_TTL'
  | 'ERR_INVALID_USER_ID'
  | 'ERR_IDENTITY_MISSING'
  | 'ERR_SENDER_MISMATCH'

/** Codes of {@link AgoraTokenError}, in the order in which a verifier stops. */
export type AgoraTokenErrorCode =
  | 'ERR_TOKEN_ENVELOPE'
  | 'ERR_TOKEN_BASE64'
  | 'ERR_TOKEN_ZLIB'
  | 'ERR_TOKEN_STRUCTURE'
  | 'ERR_TOKEN_SIGNATURE'
  | 'ERR_TOKEN_APP_ID'
  | 'ERR_TOKEN_NOT_YET_VALID'
  | 'ERR_TOKEN_EXPIRED'
  | 'ERR_TOKEN_SERVICE'
  | 'ERR_TOKEN_SUBJECT'
  | 'ERR_TOKEN_PRIVILEGE'

/** Codes of {@link AgoraApiError}. */
export type AgoraApiErrorCode =
  | 'ERR_BAD_REQUEST'
  | 'ERR_UNAUTHORIZED'
  | 'ERR_FORBIDDEN'
  | 'ERR_NOT_FOUND'
  | 'ERR_REJECTED_CONTENT'
  | 'ERR_RATE_LIMITED'
  | 'ERR_UPSTREAM'
  | 'ERR_INVALID_RESPONSE'
  | 'ERR_RESPONSE_TOO_LARGE'

/** Codes of {@link AgoraConnectionError}. */
export type AgoraConnectionErrorCode =
  'ERR_DNS' | 'ERR_CONNECTION_REFUSED' | 'ERR_TLS' | 'ERR_CONNECTION_RESET'

/** Codes of {@link AgoraQuotaError}. */
export type AgoraQuotaErrorCode = 'ERR_QUOTA_QUEUE_FULL' | 'ERR_QUOTA_LIMITER'

/** Codes of {@link AgoraWebhookError}. */
export type AgoraWebhookErrorCode =
  | 'ERR_WEBHOOK_SIGNATURE'
  | 'ERR_WEBHOOK_RAW_BODY'
  | 'ERR_WEBHOOK_PAYLOAD'
  | 'ERR_WEBHOOK_HANDLER'
  | 'ERR_WEBHOOK_IN_PROGRESS'
  | 'ERR_WEBHOOK_STORE'

/** Every code an {@link AgoraError} can carry. */
export type AgoraErrorCode =
  | AgoraConfigErrorCode
  | AgoraValidationErrorCode
  | AgoraTokenErrorCode
  | AgoraApiErrorCode
  | AgoraConnectionErrorCode
  | AgoraQuotaErrorCode
  | AgoraWebhookErrorCode
  | 'ERR_TIMEOUT'
  | 'ERR_ABORTED'

/** Base class. Catch this to catch everything the packages throw on purpose; wrong argument *types* are `TypeError`. */
export class AgoraError extends Error {
  readonly code: AgoraErrorCode

  constructor(code: AgoraErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, brand, { value: true })
  }

  /** Written out in each class: bundlers shorten the names of classes. */
  override get name(): string {
    return 'AgoraError'
  }

  /** What logs and `JSON.stringify` see: the public fields, never the cause. */
  toJSON(): Record<string, unknown> {
    return { ...Object.fromEntries(Object.entries(this)), name: this.name, message: this.message }
  }
}

/**
 * The set-up is incomplete, contradictory or unsafe: thrown when a client or middleware is made. Also thrown for a name that a
 * call does not know: this is a mistake of the program, not of its caller.
 */
export class AgoraConfigError extends AgoraError {
  declare readonly code: AgoraConfigErrorCode

  constructor(code: AgoraConfigErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
  }

  override get name(): string {
    return 'AgoraConfigError'
  }
}

/** An argument is outside what Agora documents. Thrown before anything is sent. */
export class AgoraValidationError extends AgoraError {
  declare readonly code: AgoraValidationErrorCode
  /** Name of the argument at fault, as the caller wrote it: `to`, `ttlSeconds`, `services[0].userId`. */
  readonly argument: string

  constructor(
    code: AgoraValidationErrorCode,
    argument: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options)
    this.argument = argument
  }

  override get name(): string {
    return 'AgoraValidationError'
  }
}

/** A token cannot be read, or is not valid for its purpose. */
export class AgoraTokenError extends AgoraError {
  declare readonly code: AgoraTokenErrorCode

  constructor(code: AgoraTokenErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
  }

  override get name(): string {
    return 'AgoraTokenError'
  }
}

/** One attempt, which is one request on the wire: where it went and how it ended. */
export interface CallAttempt {
  /** Host and port, for instance `api.agora.io`. */
  readonly host: string
  /** HTTP status, absent when no answer came. */
  readonly status?: number
  /** Why there is no usable answer, absent when there is one. */
  readonly failure?: string
  /** Whether any byte of the request may have left this machine. */
  readonly requestStarted: boolean
  /** Milliseconds from asking for a connection until the end of the attempt. */
  readonly durationMs: number
  /** Milliseconds of waiting before that: for a quota, and between attempts. */
  readonly waitedMs: number
}

/** What an error of a call knows about the call. */
export interface CallDetails {
  readonly method: string
  /**
   * Path without query, with the App ID shortened: `/dev/v2/project/0123…cdef/rtm/users/alice/peer_messages`. An app
   * certificate that stands in the place of the App ID looks the same, and must not be printed.
   */
  readonly path: string
  /** Every attempt, oldest first. Empty when the call ended before the first one. */
  readonly attempts: readonly CallAttempt[]
}

/** Base of the errors of a call that reached the transport. */
export class AgoraCallError extends AgoraError implements CallDetails {
  readonly method: string
  readonly path: string
  readonly attempts: readonly CallAttempt[]

  constructor(code: AgoraErrorCode, message: string, details: CallDetails & { cause?: unknown }) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause })
    this.method = details.method
    this.path = details.path
    this.attempts = details.attempts
  }

  override get name(): string {
    return 'AgoraCallError'
  }
}

/** Agora (or something in front of it) answered, and the answer is not a success. */
export class AgoraApiError extends AgoraCallError {
  declare readonly code: AgoraApiErrorCode
  /**
   * HTTP status of Agora's answer, or the `errorCode` of a body that contradicts a 2xx status. Not called `status`, so
   * that no framework passes it on as ours.
   */
  readonly upstreamStatus: number
  // `declare`: a plain field would exist with the value `undefined`. These are absent when there is nothing to say.
  /** Agora's ID of the request. Give it to Agora's support. */
  declare readonly requestId?: string
  /** How long Agora asks to wait, when it says so. */
  declare readonly retryAfterMs?: number
  /** What to check, in words. */
  declare readonly hint?: string
  /**
   * What Agora, or something in front of it, says went wrong. For the developer. `message` does not repeat it, because
   * some frameworks show their callers the message of an unhandled error.
   */
  declare readonly upstreamMessage?: string

  constructor(
    code: AgoraApiErrorCode,
    message: string,
    details: CallDetails & {
      upstreamStatus: number
      requestId?: string | undefined
      retryAfterMs?: number | undefined
      hint?: string | undefined
      upstreamMessage?: string | undefined
      cause?: unknown
    },
  ) {
    super(code, message, details)
    this.upstreamStatus = details.upstreamStatus
    if (details.requestId !== undefined) this.requestId = details.requestId
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs
    if (details.hint !== undefined) this.hint = details.hint
    if (details.upstreamMessage !== undefined) this.upstreamMessage = details.upstreamMessage
  }

  override get name(): string {
    return 'AgoraApiError'
  }
}

/** No answer: name resolution, connect, TLS or a connection that broke. */
export class AgoraConnectionError extends AgoraCallError {
  declare readonly code: AgoraConnectionErrorCode

  constructor(code: AgoraConnectionErrorCode, message: string, details: CallDetails & { cause?: unknown }) {
    super(code, message, details)
  }

  override get name(): string {
    return 'AgoraConnectionError'
  }
}

/**
 * No complete answer within the time allowed. If an attempt has `requestStarted`, it is not known
 * whether a send was processed. If no attempt has it, the send was not processed.
 */
export class AgoraTimeoutError extends AgoraCallError {
  declare readonly code: 'ERR_TIMEOUT'

  constructor(message: string, details: CallDetails & { cause?: unknown }) {
    super('ERR_TIMEOUT', message, details)
  }

  override get name(): string {
    return 'AgoraTimeoutError'
  }
}

/** The caller's own `signal` ended the call. */
export class AgoraAbortError extends AgoraCallError {
  declare readonly code: 'ERR_ABORTED'

  constructor(message: string, details: CallDetails & { cause?: unknown }) {
    super('ERR_ABORTED', message, details)
  }

  override get name(): string {
    return 'AgoraAbortError'
  }
}

/** The call was not sent, to stay within a quota of Agora's: see the client's option `quotas`. */
export class AgoraQuotaError extends AgoraCallError {
  declare readonly code: AgoraQuotaErrorCode
  /** When there may be room again. */
  readonly retryAfterMs: number

  constructor(
    code: AgoraQuotaErrorCode,
    message: string,
    details: CallDetails & { retryAfterMs: number; cause?: unknown },
  ) {
    super(code, message, details)
    this.retryAfterMs = details.retryAfterMs
  }

  override get name(): string {
    return 'AgoraQuotaError'
  }
}

/** A notification is not from Agora, not readable, or its handler failed. */
export class AgoraWebhookError extends AgoraError {
  declare readonly code: AgoraWebhookErrorCode

  constructor(code: AgoraWebhookErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
  }

  override get name(): string {
    return 'AgoraWebhookError'
  }
}

/** Every concrete class: what {@link isAgoraError} narrows to. */
export type AnyAgoraError =
  | AgoraConfigError
  | AgoraValidationError
  | AgoraTokenError
  | AgoraApiError
  | AgoraConnectionError
  | AgoraTimeoutError
  | AgoraAbortError
  | AgoraQuotaError
  | AgoraWebhookError

/**
 * Whether a value is an error of this project, also when it comes from another copy of the package.
 *
 * @example
 * try { await client.projects.list() } catch (error) {
 *   if (isAgoraError(error) && error.code === 'ERR_UNAUTHORIZED') console.error(error.hint)
 *   else throw error
 * }
 */
export function isAgoraError(value: unknown): value is AnyAgoraError {
  return typeof value === 'object' && value !== null && brand in value
}

/** Whether a value is an {@link AgoraTokenError}, of any copy of the package. */
export function isTokenError(value: unknown): value is AgoraTokenError {
  return isAgoraError(value) && value.name === 'AgoraTokenError'
}

/** Whether a value is an {@link AgoraConfigError}, of any copy of the package. */
export function isConfigError(value: unknown): value is AgoraConfigError {
  return isAgoraError(value) && value.name === 'AgoraConfigError'
}

/** Whether a value is an {@link AgoraWebhookError}, of any copy of the package. */
export function isWebhookError(value: unknown): value is AgoraWebhookError {
  return isAgoraError(value) && value.name === 'AgoraWebhookError'
}
