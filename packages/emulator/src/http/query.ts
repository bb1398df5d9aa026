import { Refusal } from './refusal.js'

/** The parameters of a query by name, as far as the endpoint knows them. */
export class Query {
  readonly #values: ReadonlyMap<string, string>

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /**
   * Reads a query strictly: unknown names pass, as on any REST server, but a name that only looks like a known one
   * is an error, because the value would be lost silently.
   *
   * @throws {Refusal} `invalid-request`
   */
  static parse(text: string, knownNames: readonly string[]): Query {
    const values = new Map<string, string>()
    for (const part of text.split('&')) {
      const separator = part.indexOf('=')
      const name = decode(separator === -1 ? part : part.slice(0, separator))
      if (!knownNames.includes(name)) {
        rejectLookalike(name, knownNames)
        continue
      }
      if (values.has(name))
        throw new Refusal('invalid-request', `The query names ${name} twice: send it once.`)
      values.set(name, separator === -1 ? '' : decode(part.slice(separator + 1)))
    }
    return new Query(values)
  }

  /** The value as it was sent; a parameter that is absent or empty is `undefined`. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined
  }

  /** `true` and `1` are true; absent, empty, `false` and `0` are false. */
  boolean(name: string): boolean {
    const value = this.text(name)
    if (value === 'true' || value === '1') return true
    if (value === undefined || value === 'false' || value === '0') return false
    throw new Refusal('invalid-request', `${name} must be true or false in the query.`)
  }

  /** A whole number within `minimum` and `maximum`; `fallback` when the parameter is absent or empty. */
  integer(
    name: string,
    { minimum, maximum, fallback }: { minimum: bigint; maximum: bigint; fallback: number },
  ): number {
    const value = this.text(name)
    if (value === undefined) return fallback
    const number = /^[+-]?\d{1,20}$/.test(value) ? BigInt(value) : undefined
    if (number === undefined || number < minimum || number > maximum) {
      throw new Refusal(
        'invalid-request',
        `${name} must be a whole number from ${minimum} to ${maximum} in the query.`,
      )
    }
    return Number(number)
  }
}

/**
 * What to say when the end of a path, as it was sent, holds a query parameter: the question mark was forgotten.
 * `encodeURIComponent` writes an equals sign as `%3D`, so one that stands there as it is belongs to no ID.
 */
export function gluedQuery(path: string, knownNames: readonly string[]): string | undefined {
  const name = knownNames.find((known) => path.includes(`${known}=`, path.lastIndexOf('/')))
  if (name === undefined) return undefined
  return `The query is glued to the path: write a question mark in front of it, ?${name}=. In an ID, write an equals sign as %3D.`
}

function rejectLookalike(name: string, knownNames: readonly string[]): void {
  const known = knownNames.find((candidate) => candidate.toLowerCase() === name.trim().toLowerCase())
  if (known === undefined) return
  throw new Refusal(
    'invalid-request',
    `The query has a name that is not exactly ${known}: write it in this case and without spaces.`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Refusal('invalid-request', 'The query is not valid percent-encoding: encode names and values.')
  }
}
