import type { EmulatorCredentials } from './credentials.js'

/** Removes secrets from a text. */
export interface Redactor {
  /** For a sentence of ours in which something of a request is quoted. */
  readonly sentence: (text: string) => string
  /** For a path or a query as it was sent: also the value of whatever is named like a secret. */
  readonly target: (text: string) => string
}

const secretShown = '[secret]'
const tokenShown = '[token]'

/** A token in a text. Slashes count only after the beginning that every token has, so that a path is not taken for one. */
const token = /007(?:e[A-P][A-Za-z0-9+/=_-]{58,}|[A-Za-z0-9+=_-]{20,})/g
const basicPair = /\bbasic(?:\s|\+|%20)+[A-Za-z0-9+/_-]{8,}=*/gi
/** The user name and password of a whole URL. */
const userInfo = /(?<=:\/\/)[^/@]*@/g
const assignment = /(?<=^|[/?&;\s])([^/?&;=\s]+)=([^&;\s]+)/g
const secretName =
  /token|secret|passw|authori|certificate|credential|signature|customer|cookie|session|(?:sign|api|access|private)[_-]?key/i
const appIdInPath = /(?<=\/dev\/v2\/project\/|\/rtm\/v2\/(?:history|publish)\/)[^/?\s]+/gi
const base64Run = /[A-Za-z0-9+/_-]{22,}={0,2}/g
const hexRun = /(?:[\da-f]{2}){11,}/gi
/** An HTML entity begins with `&` too, and is part of a word. */
const separators = /([\s"'<>/?,=]+|&(?!#|\w+;))/

/**
 * For texts that were built from a request, because a developer may have put a secret into it. Removes the emulator's own
 * secrets and everything that looks like a token. Encodings do not hide them: each word is decoded as often as possible.
 *
 * An App ID in a path that is not the emulator's own is cut short. It may be a certificate, when the two are swapped.
 */
export function createRedactor(credentials: EmulatorCredentials): Redactor {
  const { appId, appCertificate, customerId, customerSecret } = credentials
  const pair = Buffer.from(`${customerId}:${customerSecret}`)
  const secrets = [pair.toString('base64'), pair.toString('base64url'), appCertificate, customerSecret]
  const written = new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))
  const anySecret = new RegExp([...written].map(escapeForRegExp).join('|'), 'gi')
  const redactPlain = (text: string): string =>
    text.replace(anySecret, secretShown).replace(token, tokenShown)
  const redactWords = (text: string): string =>
    text
      .split(separators)
      .map((word) => (word === appId || !mayBeEncoded(word) ? word : redactEncoded(word, redactPlain)))
      .join('')
      // Base64 has slashes, by which the words were taken apart. The App ID is in nearly every path.
      .split(appId)
      .map((part) => part.replace(base64Run, (run) => redactEncoded(run, redactPlain)))
      .join(appId)
  return {
    sentence: remembering((text) => redactWords(redactPlain(text))),
    target: remembering((text) =>
      redactWords(
        redactPlain(text)
          .replace(basicPair, secretShown)
          .replace(userInfo, `${secretShown}@`)
          .replace(assignment, (whole, name: string) =>
            secretName.test(decodePercent(name)) ? `${name}=${secretShown}` : whole,
          )
          .replace(appIdInPath, (id) => (id === appId ? id : shortened(id))),
      ),
    ),
  }
}

const maxRemembered = 200
const maxRememberedLength = 500

/** Redacting takes 8 µs, a sixth of a request, and a test or a load test sends the same few paths again and again. */
function remembering(redact: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const redacted = redact(text)
    if (known.size >= maxRemembered) known.clear()
    if (text.length <= maxRememberedLength) known.set(text, redacted)
    return redacted
  }
}

/** The beginning of a value: enough to recognise it by, too little to use it. */
export function shortened(value: string): string {
  return value.length <= 4 || value === secretShown || value === tokenShown
    ? value
    : `${value.slice(0, 4)}...`
}

/** How often a word is decoded: a URL in a URL in a URL is encoded three times. */
const maxRounds = 4

function redactEncoded(word: string, redactPlain: (text: string) => string): string {
  let readings = [word]
  for (let round = 0; round < maxRounds && readings.length > 0; round += 1) {
    readings = readings.flatMap((reading) => decodings(reading))
    for (const reading of readings) {
      const redacted = redactPlain(reading)
      if (redacted !== reading) return redacted.includes(tokenShown) ? tokenShown : secretShown
    }
  }
  return word
}

function mayBeEncoded(word: string): boolean {
  return word.length >= 22 || /[%&\\]/.test(word)
}

function decodings(word: string): string[] {
  const inBase64 = word.match(base64Run) ?? []
  const inHex = word.match(hexRun) ?? []
  const unescaped = decodeEscapes(decodePercent(word))
  return [
    ...(unescaped === word ? [] : [unescaped]),
    // Four letters of Base64 are three bytes. Where they begin is not known when something stands in front of them.
    ...inBase64.flatMap((run) =>
      [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString()),
    ),
    ...inHex.flatMap((run) => [0, 1].map((start) => Buffer.from(run.slice(start), 'hex').toString())),
  ]
}

function decodePercent(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  )
}

/** Characters by their number, as HTML and JavaScript write them. */
function decodeEscapes(text: string): string {
  return text
    .replaceAll(/&#(\d{1,7});?/g, (_, number: string) => characterOf(Number(number)))
    .replaceAll(
      /&#x([\da-f]{1,6});?|\\u([\da-f]{4})|\\u\{([\da-f]{1,6})\}|\\x([\da-f]{2})/gi,
      (_, ...digits: string[]) =>
        characterOf(Number.parseInt(digits.find((group) => group !== undefined) ?? '', 16)),
    )
}

function characterOf(codePoint: number): string {
  return codePoint <= 0x10_ff_ff ? String.fromCodePoint(codePoint) : ''
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
