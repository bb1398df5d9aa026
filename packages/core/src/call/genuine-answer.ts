import { AgoraApiError } from '../errors.js'
import type { CallDetails } from '../errors.js'
import type { ApiAnswer } from '../wire/answer.js'
import type { Call } from './call.js'
import { isJsonObject, textField } from '../input/json.js'
import type { JsonObject } from '../input/json.js'
import type { OperationRow } from '../operations.js'
import { repeatabilityOf } from './retry.js'

/** What tells a genuine success from anything else that is answered with HTTP 200. */
interface Genuine {
  /** In words that follow "expected". */
  readonly expected: string
  readonly accepts: (body: JsonObject) => boolean
}

/**
 * What only Agora says, for each kind of success that a row of `operations.ts` names. Each rule takes the least that
 * the documented answers have in common, older ones included. Fields may be missing, and unknown fields are ignored.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
const genuine: Readonly<Record<Exclude<OperationRow['success'], 'anything'>, Genuine>> = {
  // An offline receiver has a code and no result; older channel messages have a result and no code.
  delivery: {
    expected: '"result":"success", or a "code" like "message_sent"',
    accepts: (body) => saysSuccess(body) || /^(?:message|peer)[_ ]/i.test(textField(body, 'code') ?? ''),
  },
  events: { expected: '"result":"success" with a list of events', accepts: isEventList },
  'history-page': { expected: '"errorCode":200, or data.messageList', accepts: isHistoryPage },
  'error-code': { expected: '"errorCode":200', accepts: (body) => body['errorCode'] === 200 },
  projects: { expected: 'a list of projects', accepts: ({ projects }) => isListOrNull(projects) },
}

/**
 * Refuses an HTTP 200 that does not come from the endpoint: the page of a proxy, the answer of another service, an empty
 * body. Without this check a wrong base URL would lose every message, and nobody would notice.
 *
 * @throws {AgoraApiError} `ERR_INVALID_RESPONSE`, whose hint names the base URL.
 */
export function requireGenuine(call: Call, answer: ApiAnswer, details: CallDetails): void {
  const problem = problemOf(call, details, answer)
  if (problem === undefined) return
  const isSend = repeatabilityOf(call.operation, call.method) === 'sends'
  const hint =
    'Check that the base URL (baseUrl, AGORA_REST_BASE_URL) names Agora, and that nothing in between answers in its place.' +
    (isSend ? ' What was sent may have arrived nevertheless.' : '')
  throw new AgoraApiError('ERR_INVALID_RESPONSE', `${problem} ${hint}`, {
    ...details,
    upstreamStatus: answer.status,
    requestId: answer.requestId,
    hint,
    upstreamMessage: answer.notJson,
  })
}

function problemOf(
  { operation }: Call,
  { method, path }: CallDetails,
  { json, notJson, status }: ApiAnswer,
): string | undefined {
  if (notJson !== undefined) return `${method} ${path} was not answered with JSON.`
  if (operation.success === 'anything') return undefined
  const { expected, accepts } = genuine[operation.success]
  if (isJsonObject(json) && !contradictsSuccess(json) && accepts(json)) return undefined
  return `The answer ${status} to ${method} ${path} is no success of this endpoint: expected ${expected}.`
}

/** Whether a documented field reports a failure, or holds a value that is not documented. */
function contradictsSuccess(body: JsonObject): boolean {
  const { error, errorCode, result } = body
  return (
    !(isAbsent(error) || error === false) ||
    !(isAbsent(errorCode) || errorCode === 200) ||
    !(isAbsent(result) || saysSuccess(body))
  )
}

function saysSuccess({ result }: JsonObject): boolean {
  return typeof result === 'string' && result.toLowerCase() === 'success'
}

/** An empty queue is an empty list, `null`, or no list at all beside the result. */
function isEventList(body: JsonObject): boolean {
  return body['events'] === undefined ? saysSuccess(body) : isListOrNull(body['events'])
}

/** An empty history is an empty list, or a code without list or data. */
function isHistoryPage({ errorCode, data }: JsonObject): boolean {
  if (isAbsent(data)) return errorCode === 200
  if (!isJsonObject(data)) return false
  const { messageList } = data
  return isAbsent(messageList) ? errorCode === 200 : Array.isArray(messageList)
}

function isListOrNull(value: unknown): boolean {
  return value === null || Array.isArray(value)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
