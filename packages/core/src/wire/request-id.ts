import type { SentRequest } from './quotation.js'
import { isUsualAndNew, pieceLength } from './usual-id.js'

/** Agora's IDs are numbers of 20 digits, pairs of them, or UUIDs. */
const form = /^[\w.:+=/-]{1,128}$/
/** A payload that is shorter than a piece is compared as a whole, from this length on. */
const shortestPayload = 4
/** Only bodies up to this length are read for short payloads. */
const maxReadBody = 2048

/**
 * The ID of a request, if the answer gives one. It must be short and plain, and no piece of what was sent, plain or encoded.
 *
 * No list of words helps here, so this compares. A hostile server can still invent an encoding that only it can read.
 */
export function safeRequestId(id: string | undefined, sent: SentRequest): string | undefined {
  if (id === undefined || !form.test(id)) return undefined
  const short = shortTexts(sent.body)
  return isUsualAndNew(id, sent, short) || !isEcho(id, sent, short) ? id : undefined
}

/** The whole comparison, for IDs of any form. */
export function isEcho(id: string, sent: SentRequest, short: readonly string[]): boolean {
  const { secrets, path, query = '', body = '' } = sent
  const carried = [...secrets, path, query, decoded(query), body].map(normalised).join('\n')
  return readingsOf(id, /[a-z]/i.test(id) ? 2 : 1).some((reading) =>
    isPieceOf(normalised(reading), carried, short),
  )
}

function isPieceOf(text: string, carried: string, short: readonly string[]): boolean {
  for (let at = 0; at + pieceLength <= text.length; at += 1) {
    if (carried.includes(text.slice(at, at + pieceLength))) return true
  }
  return short.some((payload) => text.includes(payload))
}

/** The text itself, and its decodings, up to `depth` times. */
function readingsOf(text: string, depth: number): string[] {
  return depth === 0 ? [text] : [text, ...decodings(text).flatMap((one) => readingsOf(one, depth - 1))]
}

function decodings(text: string): string[] {
  const found = [Array.from(text).toReversed().join('')]
  for (const digits of [text.replaceAll(/[^0-9a-z]/gi, ''), ...(text.match(/[0-9a-f]+/gi) ?? [])]) {
    if (digits.length < pieceLength) continue
    for (const at of [0, 1]) found.push(Buffer.from(digits.slice(at), 'hex').toString('latin1'))
  }
  const codes = text.split(/\D+/)
  if (codes.length >= shortestPayload) {
    found.push(String.fromCharCode(...codes.map(Number).filter((code) => code < 65_536)))
  }
  // Usual IDs are decimal or hexadecimal. They are not read as Base64.
  if (/[g-z]/i.test(text)) {
    found.push(text.replaceAll(/[a-z]/gi, rotated))
    for (let at = 0; at < 4; at += 1) found.push(Buffer.from(text.slice(at), 'base64').toString('latin1'))
  }
  return found
}

/** Rot13. */
function rotated(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + (/[a-m]/i.test(letter) ? 13 : -13))
}

/** Texts in a JSON body that are shorter than a piece. */
export function shortTexts(body = ''): string[] {
  if (body === '' || body.length > maxReadBody) return []
  const texts: string[] = []
  const take = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) return Object.values(value).forEach(take)
    const plain = typeof value === 'string' ? normalised(value) : ''
    if (plain.length >= shortestPayload && plain.length < pieceLength) texts.push(plain)
  }
  take(parsed(body))
  return texts
}

/** A body that is no JSON is a payload itself. */
function parsed(body: string): unknown {
  if (!/^[\s[{"]/.test(body)) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** Letters and digits in one case: separators do not make an echo another text. */
function normalised(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9\u0080-\uffff]/g, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
