import type { ReceivedAnswer } from './exchange.js'
import { parseHttpDate } from './http-date.js'
import { isJsonObject, numberField, textField } from './json.js'
import type { JsonObject } from './json.js'
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
  /** The `Date` header as it came: few answers are asked for it. */
  readonly date: string | undefined
  /** Our emulator's reason for a refusal. */
  readonly emulatorReason: string | undefined
}

/** Asked for when something is about to be repeated. */
interface SentSecrets {
  readonly secrets: readonly string[]
}

/**
 * Reads the five families of bodies that Agora and the gateways in front of it answer with.
 *
 * @param sent What the request carried that must not be repeated, whatever the answer echoes.
 * @param nowMs The time on our clock, for an answer that names a date without saying what time it is.
 */
export function readAnswer(answer: ReceivedAnswer, sent: SentSecrets, nowMs: number): ApiAnswer {
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
    requestId: requestIdIn(object, text) ?? header(answer, 'x-request-id'),
    json,
    notJson,
    problem: status < 300 ? undefined : (notJson ?? problemIn(object, text, sent)),
    retryAfterMs: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, writtenAt(date, nowMs)),
    date,
    emulatorReason: emulatorReason === undefined ? undefined : excerpt(emulatorReason, sent),
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

/** A page of a proxy says what is wrong; what should have been JSON may hold messages and certificates. */
function describeNotJson(text: string, sent: SentSecrets): string {
  return /^\s*[[{]/.test(text)
    ? `JSON that is damaged or cut off (${Buffer.byteLength(text)} bytes)`
    : excerpt(text, sent)
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
  // Some of Agora's samples leave the ID unquoted, and reading a number above 2^53 rounds it.
  const isRounded = typeof object[name] === 'number' && !Number.isSafeInteger(object[name])
  return isRounded ? /"request_?[Ii]d"\s*:\s*(\d+)/.exec(text)?.[1] : textField(object, name)
}

function problemIn(object: JsonObject | undefined, text: string, sent: SentSecrets): string | undefined {
  for (const name of ['reason', 'message', 'msg', 'error_description', 'code']) {
    const said = object && textField(object, name)
    if (said !== undefined) return excerpt(said, sent)
  }
  return text === '' ? undefined : excerpt(text, sent)
}

const excerptLength = 512

/** Cut short, on one line, and without anything that is or looks like a credential. */
function excerpt(text: string, sent: SentSecrets): string {
  // Concealed before it is cut, or the cut could leave a part of a secret that is not recognised any more.
  let shown = text.slice(0, 65_536)
  for (const secret of sent.secrets) shown = shown.replaceAll(secret, '[concealed]')
  return shown
    .replaceAll(/007[A-Za-z0-9+/=]{20,}/g, '[token]')
    .replaceAll(/(basic\s+)[A-Za-z0-9+/=]{8,}/gi, '$1[credentials]')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, excerptLength)
}

/** A date is meant by the clock of whoever wrote it. */
function writtenAt(date: string | undefined, nowMs: number): number {
  return (date === undefined ? undefined : parseHttpDate(date)) ?? nowMs
}

function header(answer: ReceivedAnswer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}
