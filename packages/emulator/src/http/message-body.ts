import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.js'

const maxPayloadBytes = 32_768
const maxBodyBytes = 1_048_576
// A byte order mark is kept: it is part of a published payload, and not allowed in JSON.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a request body to its end. Not by the `Request` of the framework, which has no bound.
 *
 * @throws {Refusal} `invalid-request` over 1 MiB, far more than the largest message with every character escaped.
 */
export function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maxBodyBytes) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      reject(new Refusal('invalid-request', 'The request body is over 1 MiB.'))
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('close', () => {
      if (incoming.complete) return
      reject(new Refusal('invalid-request', 'The connection ended before the body was complete.'))
    })
  })
}

/**
 * The JSON object in a request body. `Content-Type` does not matter, as Agora's older samples sent `text/plain`; the
 * content does. What is not JSON is 415 by Agora's table of status codes; JSON of the wrong shape is 400.
 *
 * @throws {Refusal} `not-json` or `invalid-request`
 */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = decodeText(bytes)
  if (text === undefined) throw new Refusal('not-json', 'The request body is not UTF-8 text: send JSON.')
  if (text === '') throw new Refusal('not-json', 'The request body is empty: send a JSON object.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('not-json', 'The request body is not JSON: send a JSON object.')
  }
  if (isRecord(value)) return value
  throw new Refusal('invalid-request', 'The request body must be a JSON object.')
}

/**
 * A required text field.
 *
 * @throws {Refusal} `invalid-request`
 */
export function requireText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value === 'string') return value
  if (value !== undefined)
    throw new Refusal('invalid-request', `${name} must be a string in the request body.`)
  const lookalike = Object.keys(body).find((key) => key.toLowerCase() === name.toLowerCase())
  const hint = lookalike === undefined ? '' : ` Names are case-sensitive: the body has ${lookalike}.`
  throw new Refusal('invalid-request', `${name} is missing in the request body.${hint}`)
}

/**
 * An optional switch, false when it is absent.
 *
 * @throws {Refusal} `invalid-request`
 */
export function readSwitch(body: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = name in body ? body[name] : false
  if (typeof value === 'boolean') return value
  throw new Refusal('invalid-request', `${name} must be true or false in the request body, without quotes.`)
}

/**
 * The payload of a message: text, not empty, at most 32 KB. The documentation does not say what a KB is; here it is
 * 1,024 bytes of UTF-8.
 *
 * @throws {Refusal} `invalid-request`
 */
export function requirePayload(payload: string): string {
  const payloadBytes = Buffer.byteLength(payload)
  if (payloadBytes === 0) throw new Refusal('invalid-request', 'The payload must not be empty.')
  if (payloadBytes > maxPayloadBytes) {
    throw new Refusal(
      'invalid-request',
      `The payload has ${payloadBytes} bytes in UTF-8, the limit is ${maxPayloadBytes}: send less, or a reference to it.`,
    )
  }
  return payload
}

/** The text of a body that is UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
