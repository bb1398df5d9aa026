import { AgoraValidationError } from '../errors.js'

/** The names that stand in braces in a path of `operations.ts`. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never

export type PathValues<Path extends string> = Readonly<Record<PathParameter<Path>, string>>

/** Text and names in turn, beginning with text. Splitting a path anew for each call would cost half a microsecond. */
const split = new Map<string, readonly string[]>()

/**
 * Fills in the path of an operation: every value becomes one percent-encoded segment.
 *
 * @example
 * fillPath('/users/{userId}/messages', { userId: 'a/b' }) // '/users/a%2Fb/messages'
 *
 * @throws {AgoraValidationError} `ERR_INVALID_PATH` for `.` and `..`, which URL parsers would remove, and for an
 * empty value.
 */
export function fillPath<Path extends string>(template: Path, values: PathValues<Path>): string {
  let parts = split.get(template)
  if (parts === undefined) {
    parts = template.split(/[{}]/)
    split.set(template, parts)
  }
  const given: Readonly<Record<string, string>> = values
  let text = ''
  let isName = false
  for (const part of parts) {
    text += isName ? segment(given[part]) : part
    isName = !isName
  }
  return text
}

function segment(value: string = ''): string {
  if (value === '' || value === '.' || value === '..') {
    throw new AgoraValidationError(
      'ERR_INVALID_PATH',
      'path',
      `"${value}" cannot be a segment of a URL path.`,
    )
  }
  return encodeURIComponent(value)
}
