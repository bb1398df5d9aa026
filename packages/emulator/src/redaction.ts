import type { EmulatorCredentials } from './credentials.js'

/** Takes out of a text what nobody else may read. */
export interface Redactor {
  /** For a sentence of ours in which something of a request is quoted. */
  readonly sentence: (text: string) => string
  /** For a path or a query as it was sent: also the value of whatever is named like a secret. */
  readonly target: (text: string) => string
}

const secretShown = '[secret]'
const tokenShown = '[token]'

/** A token in a text. Slashes count in long ones only, so that a path is not taken for one. */
const token = /007(?:[A-Za-z0-9+/=_-]{60,}|[A-Za-z0-9+=_-]{20,})/g
const basicPair = /\bbasic(?:\s|\+|%20)+[A-Za-z0-9+/_-]{8,}=*/gi
/** The user name and password of a whole URL. */
const userInfo = /(?<=:\/\/)[^/@]*@/g
const assignment = /([^/?&;=\s]+)=([^&;\s]+)/g
const secretName =
  /token|secret|passw|authori|certificate|credential|signature|customer|cookie|session|(?:sign|api|access|private)[_-]?key/i
const appIdInPath = /(?<=\/dev\/v2\/project\/|\/rtm\/v2\/(?:history|publish)\/)[^/?\s]+/gi
/** An HTML entity begins with `&` too, and is part of a word. */
const separators = /([\s"'<>/?,=]+|&(?!#|\w+;))/

/**
 * For texts that were built from a request, into which a developer may have put a secret. Takes out the emulator's own
 * secrets and whatever looks like a token. Encodings do not hide them: each word is decoded as far as it goes.
 *
 * An App ID in a path that is not the emulator's own is cut short. It may be a certificate, when the two are swapped.
 */
export function createRedactor(credentials: EmulatorCredentials): Redactor {
  const { appId, appCertificate, customerId, customerSecret } = credentials
  const pair = Buffer.from(`${customerId}:${customerSecret}`)
  const secrets = [pair.toString('base64'), pair.toString('base64url'), appCertificate, customerSecret]
  const written = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).map(escapeForRegExp)
  const anySecret = new RegExp(written.join('|'), 'gi')
  const redactPlain = (text: string): string =>
    text.replace(anySecret, secretShown).replace(token, tokenShown)
  const sentence = (text: string): string =>
    redactPlain(text)
      .split(separators)
      .map((word) => (word === appId || !mayBeEncoded(word) ? word : redactEncoded(word, redactPlain)))
      .join('')
  return {
    sentence,
    target: (text) =>
      sentence(
        redactPlain(text)
          .replace(basicPair, secretShown)
          .replace(userInfo, `${secretShown}@`)
          .replace(assignment, (whole, name: string) =>
            secretName.test(decodePercent(name)) ? `${name}=${secretShown}` : whole,
          )
          .replace(appIdInPath, (id) => (id === appId ? id : shortened(id))),
      ),
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
    readings = readings.flatMap((reading) => decodings(reading).filter((decoded) => decoded !== reading))
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
  const isBase64 = /^[A-Za-z0-9+/_-]{22,}=*$/.test(word)
  const isHex = /^(?:[\da-f]{2}){11,}$/i.test(word)
  return [
    decodeEscapes(decodePercent(word)),
    ...(isBase64 ? [Buffer.from(word, 'base64').toString()] : []),
    ...(isHex ? [Buffer.from(word, 'hex').toString()] : []),
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
