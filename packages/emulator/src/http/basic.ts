import { timingSafeEqual } from 'node:crypto'
import type { EmulatorCredentials } from '../credentials.js'
import { isMistakenText } from '../mistaken-text.js'
import { decodeText } from './message-body.js'
import { Refusal } from './refusal.js'

const pairSource = 'the customer ID and customer secret (Agora Console, Developer Toolkit, RESTful API)'

/**
 * Checks what stands after `Basic` in an `Authorization` header, as RFC 7617 reads it: Base64 of UTF-8 text, the user
 * name up to the first colon.
 *
 * @throws {Refusal} `unauthorized`
 */
export function checkBasic(encoded: string, credentials: EmulatorCredentials): void {
  const pair = decodeBase64(encoded)
  if (pair === undefined)
    throw unauthorized('The text after Basic is not Base64: encode customerId:customerSecret.')
  const right = Buffer.from(`${credentials.customerId}:${credentials.customerSecret}`)
  if (pair.length !== right.length || !timingSafeEqual(pair, right)) {
    throw unauthorized(explainPair(pair, credentials))
  }
}

function explainPair(pair: Buffer, credentials: EmulatorCredentials): string {
  const text = decodeText(pair)
  if (text === undefined) {
    return 'The text after Basic is not Base64 of UTF-8: encode customerId:customerSecret as UTF-8.'
  }
  const colon = text.indexOf(':')
  if (colon === -1) {
    return 'The text after Basic holds no colon: encode customerId:customerSecret, both parts and the colon.'
  }
  const customerId = text.slice(0, colon)
  const customerSecret = text.slice(colon + 1)
  if (isMistakenText(customerId) || isMistakenText(customerSecret)) {
    const what = isMistakenText(customerId) ? 'customer ID' : 'customer secret'
    return `The Basic header has the word "${isMistakenText(customerId) ? customerId.trim() : customerSecret.trim()}" for the ${what}: was a variable never set?`
  }
  if (customerId === credentials.appId) {
    return `The user name in the Basic header is the App ID. REST takes ${pairSource}, not App ID and app certificate.`
  }
  if (customerId === credentials.customerSecret && customerSecret === credentials.customerId) {
    return 'The customer ID and the customer secret are swapped: the ID goes first.'
  }
  if (customerId !== credentials.customerId) {
    return 'The emulator does not know this customer ID. Use the AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET it was started with.'
  }
  if (customerSecret.trim() === credentials.customerSecret) {
    return 'The customer secret has white space around it: trim it.'
  }
  return 'The customer secret does not match the customer ID.'
}

function decodeBase64(encoded: string): Buffer | undefined {
  // Buffer skips characters it does not know, so the form is checked first.
  const isBase64 = encoded.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded)
  return isBase64 ? Buffer.from(encoded, 'base64') : undefined
}

function unauthorized(reason: string): Refusal {
  return new Refusal('unauthorized', reason)
}
