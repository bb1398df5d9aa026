import { parseAccessToken2 } from '../access-token/parse.js'
import { shownPath as shownId } from '../shown-path.js'
import { knownWords } from './known-words.js'

/** What a request carried. An answer may echo it. An error must not repeat it. */
export interface SentRequest {
  /** Parts of its headers. */
  readonly secrets: readonly string[]
  readonly path: string
  readonly query?: string | undefined
  readonly body?: string | undefined
  /** The path as errors show it: its words may be quoted. */
  readonly shownPath: string
}

const maxReadCharacters = 16_384
const maxQuotedCharacters = 512
const maxNumbers = 4

/**
 * Quotes the known words of a text from outside. Everything else becomes `…`.
 *
 * A server can encode an echo in more ways than anyone can search for. So this does not search. A word is quoted only when
 * it is on a fixed list and was not sent. See docs/decisions/018.
 *
 * @returns Nothing when no part of the text may be quoted.
 */
export function quotable(text: string, sent: SentRequest): string | undefined {
  const parts = partsOf(text.slice(0, maxReadCharacters).replaceAll(/<[^<>]*>/g, '\n'))
  const isKnown = createJudge(sent)
  const runs: Part[][] = []
  let run: Part[] | undefined
  for (const part of parts) {
    if (!isKnown(part.text)) run = undefined
    else if (run === undefined) runs.push((run = [part]))
    else run.push(part)
  }
  const shown = runs.filter((some) => saysSomething(some, some.length === parts.length))
  if (shown.length === 0) return undefined
  const begin = shown[0]?.[0] === parts[0] ? '' : '… '
  const end = shown.at(-1)?.at(-1) === parts.at(-1) ? '' : ' …'
  const quoted = `${begin}${shown.map(written).join(' … ')}${end}`
  return quoted.length <= maxQuotedCharacters ? quoted : `${quoted.slice(0, maxQuotedCharacters - 1)}…`
}

/** A word or a number, and what stands behind it. */
interface Part {
  readonly text: string
  readonly behind: string
}

function partsOf(text: string): Part[] {
  const form = /([\p{L}\p{N}]+(?:['’]\p{L}{1,2}(?![\p{L}\p{N}]))?)([^\p{L}\p{N}]*)/gu
  return Array.from(text.matchAll(form), ([, word = '', behind = '']) => ({
    text: word,
    behind: plainGaps.has(behind) ? behind : ' ',
  }))
}

/** What may stand between two words and at the end. Anything else becomes a space: it could carry data, too. */
const plainGaps: ReadonlySet<string> = new Set(
  [
    '',
    ' ',
    '. ',
    ', ',
    ': ',
    '; ',
    '? ',
    '! ',
    ' (',
    ') ',
    '). ',
    '), ',
    '): ',
    '}, ',
    ' /',
    '/',
    '/{',
    '}/',
  ].concat(['_', '-', '.', '=', '!', '?', ')', ').', '...']),
)

function written(run: readonly Part[]): string {
  return run
    .map(({ text, behind }) => text + behind)
    .join('')
    .trim()
}

/** A single word among unknown ones, or `of the`, tells a reader nothing and may be a piece of a payload. */
function saysSomething(run: readonly Part[], isWhole: boolean): boolean {
  const words = run.filter(({ text }) => !/^\d+$/.test(text))
  const says = words.some(({ text }) => !commonWords.has(text.toLowerCase()))
  return says && (isWhole || words.length > 1)
}

/** Judges the words of one text, in their order. */
function createJudge({ shownPath, secrets, query = '', body = '' }: SentRequest): (word: string) => boolean {
  const named = wordsIn([decoded(shownPath), ...secrets.flatMap(usersOf)].join(' '))
  // The names of parameters may be quoted: they are no data.
  const values = query.replaceAll(/(^|&)[^=&]*=/g, ' ')
  const unescaped = body.replaceAll(/\\+(?:u[0-9a-f]{4}|.)/gi, ' ')
  const data = [values, decoded(values), body, unescaped].join(' ')
  const dataWords = wordsIn(data)
  for (const word of wordsOfBodies) dataWords.delete(word)
  const secretWords = wordsIn(secrets.join(' '))
  for (const word of wordsOfCredentials) secretWords.delete(word)
  const wasSent = (word: string): boolean =>
    !commonWords.has(word) && (dataWords.has(word) || secretWords.has(word))
  let numbers = 0
  let followsNumber = false

  const admitsNumber = (digits: string): boolean =>
    digits.length <= 5 &&
    !(digits.length > 3 && data.includes(digits)) &&
    !(digits.length > 1 && secrets.some((secret) => secret.includes(digits)))

  return (text) => {
    const word = text.toLowerCase().replace('’', "'")
    const isSecondNumber = followsNumber
    followsNumber = /^\d+$/.test(word)
    if (named.has(word)) return true
    if (wasSent(word)) return false
    if (!followsNumber) return knownWords.has(word)
    // Numbers in a row can be the codes of characters.
    numbers += 1
    return !isSecondNumber && numbers <= maxNumbers && admitsNumber(word)
  }
}

/** Field names of the bodies that this package writes. They may be quoted. */
const wordsOfBodies = 'destination channel name payload enable offline historical messaging true false'.split(
  ' ',
)

/** Words that the secrets of tests hold, as in `wrong-secret`. */
const wordsOfCredentials = 'secret customer token'.split(' ')

/** Words of every sentence. They are quoted beside other words only. */
const commonWords: ReadonlySet<string> = new Set(
  'a an and are as at be by for from in is it its of or that the this to was with'.split(' '),
)

/** The user of a token is no secret. If a token is for another user, the error has to say so. */
function usersOf(secret: string): string[] {
  if (!secret.startsWith('007')) return []
  try {
    return parseAccessToken2(secret).services.flatMap((service) =>
      'userId' in service ? [shownId(service.userId)] : [],
    )
  } catch {
    return []
  }
}

function wordsIn(text: string): Set<string> {
  return new Set(
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:'\p{L}{1,2}(?![\p{L}\p{N}]))?/gu),
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
