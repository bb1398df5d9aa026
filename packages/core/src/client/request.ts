import { AgoraValidationError } from '../errors.js'
import { checkArguments } from '../input/options.js'
import type { OptionRules } from '../input/options.js'
import { checkedByItsOwner, yesOrNo } from '../input/rule.js'
import type { Rule } from '../input/rule.js'
import { operations } from '../operations.js'
import { timeLimitRules } from './call-time-limits.js'
import type { ClientParts } from './client-parts.js'
import { operationCall } from './endpoint-call.js'
import type { Identity } from './identity.js'

/** A call of an endpoint that has no method of its own. */
export interface RequestOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Percent-encoded path that starts with `/`, without query: `/dev/v1/projects`. */
  readonly path: string
  /** `undefined` leaves a parameter out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown
  /** Also repeat the call when Agora may have processed it. It can then take effect twice. Default `false`. */
  readonly retryUnsafe?: boolean | undefined
  /** Total time for the call in milliseconds. Default: the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A successful answer. */
export interface RequestResult {
  readonly status: number
  /** The JSON value, not checked in any way; `undefined` when the answer is empty. */
  readonly body: unknown
  readonly requestId: string | undefined
}

const parameters: Rule<NonNullable<RequestOptions['query']>> = {
  expected: 'an object of texts, numbers and booleans: { name: value }',
  accepts: (value): value is NonNullable<RequestOptions['query']> =>
    typeof value === 'object' && value !== null && Object.values(value).every(isParameter),
}

function isParameter(value: unknown): boolean {
  return value === undefined || ['string', 'number', 'boolean'].includes(typeof value)
}

const requestRules: OptionRules<RequestOptions> = {
  method: checkedByItsOwner,
  path: checkedByItsOwner,
  query: parameters,
  body: checkedByItsOwner,
  retryUnsafe: yesOrNo,
  ...timeLimitRules,
}

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

export async function sendRequest(
  parts: ClientParts,
  identity: Identity,
  options: RequestOptions,
): Promise<RequestResult> {
  checkArguments('request()', options, requestRules)
  if (!methods.has(options.method)) {
    throw new AgoraValidationError(
      'ERR_INVALID_ARGUMENT',
      'method',
      `method must be one of ${[...methods].join(', ')}.`,
    )
  }
  const address = { method: options.method, path: requirePath(options.path), userId: identity.userId }
  const content = { query: encodeQuery(options.query), body: encodeBody(options.body) }
  const call = operationCall(operations.request, address, options, content)
  const { answer } = await parts.transport.call(call)
  return { status: answer.status, body: answer.json, requestId: answer.requestId }
}

function requirePath(path: unknown): string {
  const problem = pathProblem(path)
  if (problem === undefined && typeof path === 'string') return path
  throw new AgoraValidationError('ERR_INVALID_PATH', 'path', `path ${problem}.`)
}

function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/') || path.startsWith('//')) {
    return 'must start with one "/": pass the path alone, the host comes from baseUrl'
  }
  if (/[?#]/.test(path)) return 'must not hold "?" or "#": pass parameters as query'
  // What RFC 3986 allows in a path. A proxy on the way cannot read such a path in its own manner.
  if (!/^(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9a-f]{2})+$/i.test(path)) {
    return 'must be percent-encoded ASCII: use encodeURIComponent for each segment'
  }
  return dotSegment.test(path) ? 'must not hold the segments "." and ".."' : undefined
}

/** A `.` or `..` between slashes, each as it is or percent-encoded; some servers take a backslash for a slash. */
const dotSegment = /(?:\/|%2f|%5c)(?:\.|%2e){1,2}(?:\/|%2f|%5c|$)/i

function encodeQuery(query: RequestOptions['query']): string | undefined {
  if (query === undefined) return undefined
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  if (pairs.length === 0) return undefined
  return pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
}

function encodeBody(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
}
