import { encodings } from './encodings.js'

/** A piece of this length gives something away. What is encoded is longer, and so are its pieces. */
const plainLength = 8
const encodedLength = 14

/**
 * What of these texts is in a log, as it is or encoded: an empty list when nothing is.
 *
 * @param lines Each is searched alone.
 */
export function leaksIn(lines: Iterable<string>, secrets: Iterable<string>): string[] {
  const plain = new Set<string>()
  const encoded = new Map<string, string>()
  for (const secret of secrets) {
    for (const piece of piecesOf(secret.toLowerCase(), plainLength)) plain.add(piece)
    for (const [name, encode] of Object.entries(encodings)) {
      if (['raw', 'upper', 'lower'].includes(name)) continue
      for (const piece of piecesOf(encode(secret), encodedLength)) encoded.set(piece, name)
    }
  }
  const leaks = new Set<string>()
  for (const line of lines) {
    for (const piece of piecesOf(line.toLowerCase(), plainLength)) {
      if (plain.has(piece)) leaks.add(`plain in ${excerpt(line, line.toLowerCase().indexOf(piece))}`)
    }
    for (const piece of piecesOf(line, encodedLength)) {
      const name = encoded.get(piece)
      if (name !== undefined) leaks.add(`${name} in ${excerpt(line, line.indexOf(piece))}`)
    }
  }
  return [...leaks].slice(0, 20)
}

function* piecesOf(text: string, length: number): Generator<string> {
  for (let at = 0; at + length <= text.length; at += 1) yield text.slice(at, at + length)
}

function excerpt(line: string, at: number): string {
  return line.slice(Math.max(0, at - 60), at + 60)
}
