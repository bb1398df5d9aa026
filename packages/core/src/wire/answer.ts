import type { ReceivedAnswer } from './exchange.js'
import { parseHttpDate } from '../input/http-date.js'
import { isJsonObject, numberField, textField } from '../input/json.js'
import type { JsonObject } from '../input/json.js'
import { quotable } from './quotation.js'
import type { SentRequest } from './quotation.js'
import { safeRequestId } from './request-id.js'
import { parseRetryAfter } from './retry-after.js'

/** A complete answer, read as far as every endpoint shares it. */
export interface ApiAnswer {
  /** HTTP status, or the `errorCode` of a body that contradicts a 2xx status. */
  readonly status: number
  readonly requestId: string | undefined
  /** The JSON value; `undefined` for an empty body or one that is not JSON. */
  readonly json: unknown
  /** A body that is not JSON, in a few words or its first ones, else `undefined`. */
  readonly notJson: string | undefined
  /** What the body of a refusal says went wrong; `undefined` when it says nothing, and for a success. */
  readonly problem: string | undefined
  readonly retryAfterMs: number | undefined
  /** The `Date` header, not parsed: it is needed for few answers. */
  readonly date: string | undefined
  /** Our emulator's reason for a refusal. */
  readonly emulatorReason: string | undefined
}

/**
 * Reads an answer of Agora or of a gateway in front of it. There are five families of bodies.
 *
 * @param sent What the request carried. None of it is repeated, even if the answer echoes it.
 * @param nowMs The time on our clock. It is used when the answer has no `Date` header.
 */
export function readAnswer(answer: ReceivedAnswer, sent: SentRequest, nowMs: number): ApiAnswer {
  const text = answer.body.toString('utf8')
  const json = parseJson(text)
  const object = isJsonObject(json) ? json : undefined
  const status = effectiveStatus(answer.status, object)
  const notJson = json === undefined && text !== '' ? describeNotJson(text, sent) : undefined
  const emulatorReason = header(answer, 'x-emulator-reason')
  const retryAfter = header(answer, 'retry-after')
  const date = header(answer, 'date')
  return {
    status,
    requestId:
      safeRequestId(requestIdIn(object, text), sent) ?? safeRequestId(header(answer, 'x-request-id'), sent),
    json,
    notJson,
    problem: status < 300 ? undefined : (notJson ?? problemIn(object, text, sent)),
    retryAfterMs: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, writtenAt(date, nowMs)),
    date,
    emulatorReason: emulatorReason === undefined ? undefined : quotable(emulatorReason, sent),
  }
}

function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The page of a proxy may say what is wrong, so it is quoted. Damaged JSON may hold messages and certificates, so it is not. */
function describeNotJson(text: string, sent: SentRequest): string {
  return /^\s*[[{]/.test(text)
    ? `JSON that is damaged or cut off (${Buffer.byteLength(text)} bytes)`
    : (quotable(text, sent) ?? unquotable(text))
}

/** History and publish can answer HTTP 200 with `"error": true` and the real code in the body. */
function effectiveStatus(status: number, object: JsonObject | undefined): number {
  if (object === undefined || status >= 300) return status
  const errorCode = numberField(object, 'errorCode') ?? 200
  if (errorCode === 200 && object['error'] !== true && object['result'] !== 'failed') return status
  return errorCode >= 300 ? errorCode : 500
}

function requestIdIn(object: JsonObject | undefined, text: string): string | undefined {
  if (object === undefined) return undefined
  const name = textField(object, 'request_id') === undefined ? 'requestId' : 'request_id'
  // Some of Agora's samples give the ID as a number. JSON.parse rounds numbers above 2^53.
  const isRounded = typeof object[name] === 'number' && !Number.isSafeInteger(object[name])
  return isRounded ? /"request_?[Ii]d"\s*:\s*(\d+)/.exec(text)?.[1] : textField(object, name)
}

function problemIn(object: JsonObject | undefined, text: string, sent: SentRequest): string | undefined {
  for (const name of ['reason', 'message', 'msg', 'error_description', 'code']) {
    const said = object && textField(object, name)
    if (said !== undefined) return quotable(said, sent) ?? unquotable(said)
  }
  return text === '' ? undefined : (quotable(text, sent) ?? unquotable(text))
}

function unquotable(text: string): string {
  return `words that are not shown, since they may hold what was sent (${Buffer.byteLength(text)} bytes)`
}

/** A date in an answer follows the clock of its server. */
function writtenAt(date: string | undefined, nowMs: number): number {
  return (date === undefined ? undefined : parseHttpDate(date)) ?? nowMs
}

function header(answer: ReceivedAnswer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}
