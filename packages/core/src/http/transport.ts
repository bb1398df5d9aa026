import type { AuthStrategy, Authorization } from '../auth/strategy.js'
import {
  AgoraAbortError,
  AgoraApiError,
  AgoraConnectionError,
  AgoraTimeoutError,
  AgoraValidationError,
} from '../errors.js'
import type { AgoraCallError, CallAttempt, CallDetails } from '../errors.js'
import { readAnswer } from './answer.js'
import type { ApiAnswer } from './answer.js'
import type { Connections } from './connections.js'
import { AnswerTooLarge, exchange, ExchangeFailed } from './exchange.js'
import { connectionErrorCode, systemErrorCode } from './failure.js'
import type { ApiFamily, Origins } from './hosts.js'
import { AbortedByCaller, isTimeoutMs, TimeLimitReached, timeoutRule, withinLimits } from './limits.js'
import type { Operation } from './operations.js'
import { refusalError } from './refusal.js'

/** One call of the REST API, before anything is known about hosts and credentials. */
export interface Call {
  readonly operation: Operation
  readonly method: string
  /** Percent-encoded, without query. */
  readonly path: string
  /** Percent-encoded, without `?`. */
  readonly query?: string | undefined
  readonly body?: string | undefined
  /** The user the call acts for; `undefined` when it acts for the whole App ID. */
  readonly userId?: string | undefined
  /** Total time for the call, instead of the client's. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface TransportOptions {
  readonly auth: AuthStrategy
  readonly connections: Connections
  readonly origins: Origins
  readonly timeoutMs: number
}

const maxAnswerBytes = 10 * 1024 * 1024

/** Carries calls to Agora and back: authorizes, sends, reads, and turns whatever goes wrong into a typed error. */
export class Transport {
  readonly #auth: AuthStrategy
  readonly #connections: Connections
  readonly #origins: Origins
  readonly #timeoutMs: number

  constructor(options: TransportOptions) {
    this.#auth = options.auth
    this.#connections = options.connections
    this.#origins = options.origins
    this.#timeoutMs = options.timeoutMs
  }

  /**
   * @throws {AgoraApiError} Agora refused.
   * @throws {AgoraConnectionError | AgoraTimeoutError | AgoraAbortError} There is no answer.
   * @throws {AgoraConfigError} `ERR_CLIENT_CLOSED`
   * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for a `timeoutMs` that is none.
   */
  async call(call: Call): Promise<ApiAnswer> {
    const timeoutMs = call.timeoutMs ?? this.#timeoutMs
    if (!isTimeoutMs(timeoutMs)) {
      throw new AgoraValidationError('ERR_INVALID_ARGUMENT', 'timeoutMs', `timeoutMs ${timeoutRule}.`)
    }
    this.#connections.beginCall()
    try {
      return await this.#call(call, performance.now() + timeoutMs)
    } finally {
      this.#connections.endCall()
    }
  }

  async #call(call: Call, deadlineMs: number): Promise<ApiAnswer> {
    const attempts: CallAttempt[] = []
    const details: CallDetails = { method: call.method, path: call.path, attempts }
    if (call.signal?.aborted === true) throw abortError(details, new AbortedByCaller(call.signal))

    let authorization = await this.#authorize(call, details, deadlineMs)
    let answer = await this.#attempt(call, authorization, attempts, deadlineMs)
    if (answer.status === 401 && this.#auth.renew(call.userId, authorization)) {
      authorization = await this.#authorize(call, details, deadlineMs)
      answer = await this.#attempt(call, authorization, attempts, deadlineMs)
    }

    if (answer.status >= 300) {
      const explainUnauthorized = authorization.explainRefusal.bind(authorization)
      throw refusalError(answer, { ...details, operation: call.operation, explainUnauthorized })
    }
    if (answer.notJson !== undefined) {
      throw new AgoraApiError(
        'ERR_INVALID_RESPONSE',
        `Expected JSON from ${call.method} ${call.path}, got: ${answer.notJson}`,
        { ...details, upstreamStatus: answer.status, requestId: answer.requestId },
      )
    }
    return answer
  }

  /** A token may have to be fetched first: the call's limits hold for that too. */
  async #authorize(call: Call, details: CallDetails, deadlineMs: number): Promise<Authorization> {
    const authorization = this.#auth.authorize(call.userId)
    if (!(authorization instanceof Promise)) return authorization
    try {
      return await withinLimits(authorization, {
        timeoutMs: deadlineMs - performance.now(),
        signal: call.signal,
      })
    } catch (reason) {
      if (reason instanceof TimeLimitReached)
        throw new AgoraTimeoutError('The token was not supplied in time.', details)
      if (reason instanceof AbortedByCaller) throw abortError(details, reason)
      throw reason
    }
  }

  async #attempt(
    call: Call,
    authorization: Authorization,
    attempts: CallAttempt[],
    deadlineMs: number,
  ): Promise<ApiAnswer> {
    const origin = this.#origins[familyOf(call)]
    const host = origin.slice(origin.indexOf('//') + 2)
    const startedMs = performance.now()
    const record = (outcome: Pick<CallAttempt, 'status' | 'failure'>): void => {
      attempts.push({ host, ...outcome, durationMs: Math.round(performance.now() - startedMs) })
    }
    try {
      const answer = await exchange(
        this.#connections.to(origin),
        {
          origin,
          method: call.method,
          target: call.query === undefined ? call.path : `${call.path}?${call.query}`,
          headers: { ...(call.body === undefined ? headers : headersWithBody), ...authorization.headers },
          body: call.body,
        },
        { timeoutMs: deadlineMs - startedMs, signal: call.signal, maxBodyBytes: maxAnswerBytes },
      )
      record({ status: answer.status })
      return readAnswer(answer, attempts, authorization.secrets)
    } catch (reason) {
      const error = unansweredError(reason, host, { method: call.method, path: call.path, attempts })
      record(error instanceof AgoraApiError ? { status: error.upstreamStatus } : { failure: error.code })
      throw error
    }
  }
}

const headers = { accept: 'application/json', 'user-agent': 'agora-signaling-node' } as const
const headersWithBody = { ...headers, 'content-type': 'application/json' } as const

function familyOf(call: Call): ApiFamily {
  if (call.operation === 'request') return call.path.startsWith('/rtm/v2/') ? 'history' : 'project'
  return call.operation === 'history' || call.operation === 'publish' ? 'history' : 'project'
}

/** What became of an exchange that brought no answer. */
function unansweredError(reason: unknown, host: string, details: CallDetails): AgoraCallError {
  const what = `${details.method} ${details.path}`
  if (reason instanceof AbortedByCaller) return abortError(details, reason)
  if (reason instanceof TimeLimitReached) {
    return new AgoraTimeoutError(`${host} gave no complete answer to ${what} in time (timeoutMs).`, details)
  }
  if (reason instanceof AnswerTooLarge) {
    return new AgoraApiError(
      'ERR_RESPONSE_TOO_LARGE',
      `${host} answered ${what} with more than ${maxAnswerBytes} bytes.`,
      { ...details, upstreamStatus: reason.status },
    )
  }
  const cause = reason instanceof ExchangeFailed ? reason.cause : reason
  const code = connectionErrorCode(cause)
  const system = systemErrorCode(cause)
  const message = `${connectionProblems[code](host)}${system === undefined ? '' : ` (${system})`}: ${what}.`
  return new AgoraConnectionError(code, message, { ...details, cause })
}

const connectionProblems: Record<AgoraConnectionError['code'], (host: string) => string> = {
  ERR_DNS: (host) => `The name ${host} could not be resolved`,
  ERR_CONNECTION_REFUSED: (host) => `No connection to ${host} could be made`,
  ERR_TLS: (host) => `No secure connection to ${host} could be made`,
  ERR_CONNECTION_RESET: (host) => `The connection to ${host} broke before the answer was complete`,
}

function abortError(details: CallDetails, reason: AbortedByCaller): AgoraAbortError {
  return new AgoraAbortError(`${details.method} ${details.path} was aborted by its caller.`, {
    ...details,
    cause: reason.cause,
  })
}
