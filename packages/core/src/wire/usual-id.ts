import type { SentRequest } from './quotation.js'

/** Agora's own: a number of about 20 digits, or two with `_` between them. */
const numberForm = /^\d{1,20}(?:_\d{1,20})?$/
const uuidForm = /^[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$/i

/** So many characters of a secret or a payload are a piece of it. */
export const pieceLength = 8
/** Base64 of the shortest payload that counts. */
const shortestBase64 = 6

/** The characters from 0x80 up to here are control characters, which no text has. */
const firstAccent = 0xa0

/** What a character is to a comparison that ignores separators. */
const [separator, digit, hexLetter, otherLetter] = [0, 1, 2, 3] as const
const classes: readonly number[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/\d/.test(character)) return digit
  if (/[a-f]/i.test(character)) return hexLetter
  return /[g-z]/i.test(character) ? otherLetter : separator
})

function classAt(text: string, index: number): number {
  return classes[text.charCodeAt(index)] ?? otherLetter
}

/**
 * Whether an ID has one of the usual forms and certainly repeats nothing of what was sent. `false` proves nothing: the ID
 * needs the whole comparison.
 *
 * Each call asks this, and the whole comparison takes 11 to 58 µs where this takes 2 µs: the row `send` of
 * docs/benchmarks.md. An ID of these forms has few readings. It is digits or hexadecimal characters itself, and so can repeat
 * only runs of those; and what it is in hexadecimal has rarely eight characters that say something.
 *
 * @param short Payloads that are shorter than a piece.
 */
export function isUsualAndNew(id: string, sent: SentRequest, short: readonly string[]): boolean {
  const isNumber = numberForm.test(id)
  if (!isNumber && !uuidForm.test(id)) return false
  const parts = isNumber ? id.split('_') : [id.toLowerCase().replaceAll('-', '')]
  const plain = parts.length === 1 ? (parts[0] ?? '') : parts.join('')
  const last = isNumber ? digit : hexLetter
  const { secrets, path, query = '', body = '' } = sent
  const repeats = (text: string): boolean => runsOf(text, last).some((run) => mayShareAPiece(run, plain))
  if (repeats(path) || repeats(body) || secrets.some(repeats)) return false
  // Percent-encoding puts digits between the characters, so what is behind it has to be read as well.
  if (query !== '' && (query.includes('%') || repeats(query))) return false
  if (short.some((payload) => plain.includes(payload) || backwards(plain).includes(payload))) return false
  const most = short.length > 0 && !isNumber ? shortestBase64 : pieceLength
  // Letters outside ASCII say something where such were sent.
  const areAccentsLetters = Buffer.byteLength(body) !== body.length
  for (const digits of parts.length === 1 ? parts : [plain, ...parts]) {
    for (const at of [0, 1]) {
      const letters = inHex(digits, at, areAccentsLetters)
      if (letters.length >= most || short.some((payload) => letters.includes(payload))) return false
    }
  }
  return true
}

/**
 * The runs of digits, or of hexadecimal characters, that are as long as a piece, without the separators in them.
 *
 * A run covers at least so many characters. Looking at each eighth one finds all runs: most texts are passed over quickly.
 */
function runsOf(text: string, last: number): string[] {
  const runs: string[] = []
  for (let at = pieceLength - 1; at < text.length; at += pieceLength) {
    if (classAt(text, at) > last) continue
    let start = at
    while (start > 0 && classAt(text, start - 1) <= last) start -= 1
    let end = at + 1
    while (end < text.length && classAt(text, end) <= last) end += 1
    if (end - start >= pieceLength) {
      const run = lettersOf(text.slice(start, end))
      if (run.length >= pieceLength) runs.push(run)
    }
    // The next place to look at is the eighth character behind the run.
    at = end
  }
  return runs
}

/**
 * Whether a piece may be in both, as it is or backwards. The ID is cut into parts of half a piece. Each piece holds one whole
 * part, so that none is overlooked. A part alone may also be there by chance: then the whole comparison decides.
 */
function mayShareAPiece(run: string, id: string): boolean {
  const reversed = backwards(id)
  const half = pieceLength / 2
  for (let at = 0; at + half <= id.length; at += half) {
    const end = at + half
    if (run.includes(id.slice(at, end)) || run.includes(reversed.slice(at, end))) return true
  }
  return false
}

function backwards(text: string): string {
  let reversed = ''
  for (let at = text.length - 1; at >= 0; at -= 1) reversed += text.charAt(at)
  return reversed
}

/** What hexadecimal digits say, without separators and in one case. */
function inHex(digits: string, from: number, areAccentsLetters: boolean): string {
  let letters = ''
  for (let at = from; at + 1 < digits.length; at += 2) {
    const code = 16 * valueOf(digits.charCodeAt(at)) + valueOf(digits.charCodeAt(at + 1))
    const isLetter = code < 128 ? classes[code] !== separator : areAccentsLetters && code >= firstAccent
    if (isLetter) letters += String.fromCharCode(code)
  }
  return letters.toLowerCase()
}

/** Of a hexadecimal digit in lower case, by its character code. */
function valueOf(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x61 + 10
}

/** ASCII letters and digits in one case, as the whole comparison has them. */
function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9\u0080-\uffff]/g, '')
}
