import { types } from 'node:util'
import { isTokenError } from '../errors.js'
import type { AgoraTokenError } from '../errors.js'
import { isHexId } from '../input/app-id.js'
import { describe, isRecord } from '../input/describe.js'
import { placeholderProblem } from '../input/placeholder.js'
import { maxTokenCharacters } from './format/envelope.js'
import { readToken } from './parse.js'
import type { ReadToken } from './parse.js'
import type { Findings } from './token-report.js'

/*
 * Finds mistakes in the text of a token. Each step removes one mistake and records a finding. The token that remains is
 * inspected, too.
 */

/**
 * Reads a token even if its text was changed on its way. Returns `undefined` if nothing can be read.
 *
 * It records a finding exactly when `readToken` would throw.
 */
export function inspectText(value: unknown, findings: Findings): ReadToken | undefined {
  const asItIs = tryReading(value)
  if (!isTokenError(asItIs)) return asItIs
  const text = asText(value, findings)
  if (text === undefined) return undefined
  // The next steps search the whole text, which takes time. A text this long is no token.
  if (text.length > 4 * maxTokenCharacters) {
    findings.error('TOO_LONG', tooLong(text.length))
    return undefined
  }
  const bare = takeOffWrapping(text, findings)
  if (isSomethingElse(bare, findings)) return undefined
  return open(repairBase64(completePrefix(bare, findings), findings), findings)
}

function tryReading(value: unknown): ReadToken | AgoraTokenError {
  try {
    return readToken(value)
  } catch (error) {
    if (isTokenError(error)) return error
    throw error
  }
}

function asText(value: unknown, findings: Findings): string | undefined {
  if (value === undefined || value === null) {
    findings.error(
      'TOKEN_MISSING',
      `The token is ${String(value)}: is the environment variable set, and the field called so?`,
    )
  } else if (typeof value !== 'string') {
    findings.error('TOKEN_NOT_TEXT', `The token must be a string, but is ${explainKind(value)}.`)
  } else if (value.trim() === '') {
    findings.error('TOKEN_EMPTY', 'The token is empty: is the environment variable set to nothing?')
  } else {
    const lost = placeholderProblem(value.trim())
    if (lost === undefined) return value
    findings.error('TOKEN_PLACEHOLDER', `The token ${lost}.`)
  }
  return undefined
}

function explainKind(value: unknown): string {
  if (types.isPromise(value)) return 'a Promise: await it'
  if (types.isUint8Array(value)) return "binary: use its toString('latin1')"
  const hint = typeof value === 'object' ? ': pass the text in it, such as its property token' : ''
  return `${typeof value === 'number' ? 'a number' : describe(value)}${hint}`
}

const basicScheme = /^(?:authorization\s*:\s*)?basic\s/i
const scheme =
  /^(?:authorization\s*:\s*)?(?:(?:agora\s+)?token\s*[=:\s]|(?:bearer|agora)\s|x-agora-token\s*:)\s*|^authorization\s*:\s*/i
const quoted = /^(["'`])(.*)\1$/s

// Real mistakes wrap a token once or twice. The limit bounds the work for a crafted text.
const maxLayers = 8

function takeOffWrapping(text: string, findings: Findings): string {
  let bare = text
  for (let layer = 0; layer < maxLayers; layer += 1) {
    const inner = takeOffLayer(bare, findings)
    if (inner === bare) break
    bare = inner
  }
  return bare
}

function takeOffLayer(text: string, findings: Findings): string {
  const trimmed = text.trim()
  if (trimmed !== text) {
    if (/[\r\n]/.test(text.replace(trimmed, ''))) {
      findings.error(
        'LINE_BREAK',
        'The token has a line break (CR, LF) at its end, as files and shell output do. Trim it: a header cannot carry it.',
      )
    } else {
      findings.error('WHITE_SPACE', 'The token has white space around it. Trim it.')
    }
    return trimmed
  }
  const inner = quoted.exec(text)?.[2]
  if (inner !== undefined) {
    findings.error('QUOTED', 'The token has quotation marks around it, as from an .env file or JSON.')
    return inner
  }
  if (scheme.test(text)) {
    findings.error(
      'AUTHORIZATION_SCHEME',
      'The token looks like it still has its Authorization scheme in front, such as "Bearer" or "agora token=". Pass what follows it.',
    )
    return text.replace(scheme, '')
  }
  return text
}

/** Whether the text is something else that people take for a token. The finding says what it is. */
function isSomethingElse(text: string, findings: Findings): boolean {
  if (text.startsWith('007')) return false
  if (text === '') {
    findings.error('TOKEN_EMPTY', 'There is no token inside what was given.')
  } else if (/^[{[<]/.test(text)) {
    findings.error(
      'RESPONSE_BODY',
      'This looks like the whole answer of a token server (JSON or HTML) and not the token in it. Check the address, and take the field that holds the token.',
    )
  } else if (basicScheme.test(text)) {
    findings.error(
      'BASIC_CREDENTIALS',
      'This is an HTTP Basic header made of a customer ID and secret, and not a token. Use basicAuth().',
    )
  } else if (/^00[3-6]/.test(text)) {
    findings.error(
      'LEGACY_ACCESS_TOKEN',
      `The token starts with ${text.slice(0, 3)}: 006 is the legacy AccessToken, and lower numbers are older still. ` +
        'Build an AccessToken2 (007), for instance with buildSignalingToken().',
    )
  } else if (/^1:[0-9a-f]{32}:\d+:[0-9a-f]{32}$/i.test(text)) {
    findings.error(
      'LEGACY_SIGNALING_TOKEN',
      'This is a SignalingToken of the form 1:<App ID>:<time>:<digest>, which Signaling before 2020 took. Build an AccessToken2 with buildSignalingToken().',
    )
  } else if (/^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text)) {
    findings.error(
      'JSON_WEB_TOKEN',
      'This looks like a JWT, such as your own session token. Agora takes AccessToken2, which starts with 007.',
    )
  } else if (isHexId(text)) {
    findings.error(
      'APP_ID_OR_CERTIFICATE',
      'This is 32 hexadecimal characters: an App ID or an app certificate, and not a token. Are two arguments swapped?',
    )
  } else if (!startsLikeZlib(text)) {
    findings.error(
      'UNKNOWN_FORMAT',
      'This is no AccessToken2: it does not start with 007. Was another string taken, or the start of the token cut off?',
    )
  } else {
    return false
  }
  return true
}

/** Whether the text starts with the Base64 of a zlib header, in a form that compressors write, and can be a token. */
function startsLikeZlib(text: string): boolean {
  return /^e[AFJN]/.test(text) && text.length > 100
}

function completePrefix(text: string, findings: Findings): string {
  if (!text.startsWith('007')) {
    findings.error('PREFIX_MISSING', 'The token lacks its first three characters, 007.')
    return `007${text}`
  }
  if (text.startsWith('007007')) {
    findings.error('PREFIX_TWICE', 'The token starts with 007 twice.')
    return text.slice(3)
  }
  return text
}

function repairBase64(token: string, findings: Findings): string {
  let text = token
  if (/%[0-9a-f]{2}/i.test(text)) {
    findings.error(
      'PERCENT_ENCODED',
      'The token is percent-encoded (%2B, %2F, %3D), as in a URL. Decode it with decodeURIComponent().',
    )
    text = decodePercent(text)
  }
  if (/[\r\n]/.test(text)) {
    findings.error(
      'LINE_BREAK',
      'The token has a line break (CR, LF) inside. Take it out: a header cannot carry it.',
    )
    text = text.replaceAll(/[\r\n]+/g, '')
  }
  if (text.includes(' ')) {
    findings.error(
      'SPACES_FOR_PLUS',
      'The token has spaces inside: it was put into a query string without encodeURIComponent(), which turns + into a space.',
    )
    text = text.replaceAll(' ', '+')
  }
  if (/[-_]/.test(text)) {
    findings.error(
      'URL_SAFE_BASE64',
      'The token is in URL-safe Base64 (- and _). Agora writes standard Base64 (+ and /), and so must whoever stores or sends it.',
    )
    text = text.replaceAll('-', '+').replaceAll('_', '/')
  }
  return text
}

const percentCodes: ReadonlyMap<string, string> = new Map([
  ['%2b', '+'],
  ['%2f', '/'],
  ['%3d', '='],
  ['%20', ' '],
  ['%0a', '\n'],
  ['%0d', '\r'],
])

/** Decodes the characters that a token can hold, even if they were encoded twice. */
function decodePercent(text: string): string {
  return text
    .replaceAll(/%25/g, '%')
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => percentCodes.get(code.toLowerCase()) ?? code)
}

function open(token: string, findings: Findings): ReadToken | undefined {
  if (token.length > maxTokenCharacters) {
    findings.error('TOO_LONG', tooLong(token.length))
    return undefined
  }
  if (token.endsWith('...') || token.endsWith('…')) {
    findings.error(
      'TRUNCATED',
      'The token ends in an ellipsis: it was shortened for display. Take the whole token.',
    )
    return undefined
  }
  const padded = padBase64(token)
  const read = tryReading(padded)
  if (isTokenError(read)) {
    explainUnreadable(read, token, findings)
    return undefined
  }
  if (padded !== token) {
    findings.error(
      'PADDING_MISSING',
      'The Base64 padding at the end of the token (=) is missing or too long: something on its way strips or adds it.',
    )
  }
  return read
}

/** The token with the padding that its length needs. */
function padBase64(token: string): string {
  let end = token.length
  while (token[end - 1] === '=') end -= 1
  const characters = end - 3
  return token.slice(0, end) + '='.repeat((4 - (characters % 4)) % 4)
}

function explainUnreadable(error: AgoraTokenError, token: string, findings: Findings): void {
  if (token === '007' || isCutOff(error.cause) || endsInsideGroup(token)) {
    findings.error(
      'TRUNCATED',
      `The token is cut off: ${token.length} characters are not all of it. Does a column, a variable or a copy end too early?`,
    )
  } else if (error.code === 'ERR_TOKEN_STRUCTURE') {
    findings.error('MALFORMED', `${error.message} It was not made by a sound builder.`)
  } else if (error.code === 'ERR_TOKEN_BASE64') {
    findings.error(
      'DAMAGED',
      'The token has characters that are not Base64, or one changed or lost: it was damaged on its way.',
    )
  } else {
    findings.error('DAMAGED', error.message)
  }
}

/** Whether a cut left a part of a group of four, and nothing else is wrong with the Base64. */
function endsInsideGroup(token: string): boolean {
  const body = token.slice(3)
  return body.length % 4 !== 0 && /^[A-Za-z0-9+/]*$/.test(body)
}

/** Whether zlib reports that its input ended too early. */
function isCutOff(cause: unknown): boolean {
  return isRecord(cause) && cause['code'] === 'Z_BUF_ERROR'
}

function tooLong(characters: number): string {
  return `The token has ${characters} characters; at most ${maxTokenCharacters} are read. A token for Signaling has about 150.`
}
