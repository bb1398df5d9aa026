import type { RefusalKind } from './refusal.js'

/**
 * Which body an endpoint answers with. `dev-v2`: `{"result", "request_id", …}`; `rtm-v2`: `{"errorCode", "error",
 * "requestId", …}`; `gateway`: `{"message"}`, which is what the API gateway in front of both says, and the console.
 */
export type BodyFamily = 'dev-v2' | 'rtm-v2' | 'gateway'

/** What goes out: a body, and the status it goes with. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

interface RefusalRow {
  readonly status: number
  /** The documented meaning of the status, which is the `reason` or `message` of the body. */
  readonly words: string
  /** The `code` of a `dev-v2` body. Agora documents none for failures: invented. */
  readonly code: string
  /** The body says what exactly is wrong. Elsewhere only the header does, and the body keeps to Agora's words. */
  readonly detailed?: true
  /** Somebody has seen this answer on Agora's servers. */
  readonly seen?: true
}

const noRoute = 'no Route matched with those values'

// Words: https://docs.agora.io/en/signaling/reference/error-codes
const refusals: Record<RefusalKind, RefusalRow> = {
  'no-route': { status: 404, words: noRoute, code: 'not_found', seen: true },
  'wrong-method': { status: 404, words: noRoute, code: 'not_found' },
  'invalid-request': {
    status: 400,
    words: 'The request contains invalid data.',
    code: 'invalid_request',
    detailed: true,
  },
  'not-json': {
    status: 415,
    words:
      "The format of the request body you supplied isn't supported. The request body must be in JSON format.",
    code: 'unsupported_media_type',
  },
  unauthorized: { status: 401, words: 'Unauthorized', code: 'unauthorized' },
  'invalid-token': { status: 401, words: 'invalid token', code: 'invalid_token' },
  'wrong-app-id': {
    status: 403,
    words: "The client isn't authorized to perform this operation.",
    code: 'forbidden',
  },
  'history-off': { status: 403, words: "The appID doesn't have History features enabled", code: 'forbidden' },
  'rate-limited': { status: 429, words: 'The request rate limit is exceeded.', code: 'rate_limited' },
  internal: { status: 500, words: 'Internal error', code: 'internal_error' },
}

/** The answer to a request that is not served; `reason` says why. */
export function refusalAnswer(
  kind: RefusalKind,
  reason: string,
  { family, operation, requestId }: { family: BodyFamily; operation: string; requestId: string },
): Answer {
  const { status, words, code, detailed } = refusals[kind]
  const said = detailed ? reason : words
  // A gateway stands in front of both families. It refuses paths without a route and, before `/dev/v2`, callers
  // that it cannot verify.
  const byGateway = status === 404 || (status === 401 && family === 'dev-v2')
  if (byGateway || family === 'gateway') return { status, body: { message: said } }
  if (family === 'dev-v2')
    return { status, body: { result: 'failed', request_id: requestId, code, reason: said } }
  return { status, body: { data: null, error: true, errorCode: status, operation, reason: said, requestId } }
}

/**
 * Whether the answer to a refusal is a guess in the style of what is known. Such answers are marked, so that nobody
 * writes code against them.
 */
export function isSynthetic(kind: RefusalKind): boolean {
  return refusals[kind].seen !== true
}
