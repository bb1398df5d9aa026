import { AgoraValidationError } from '../errors.js'

/**
 * Builds a URL path from a template: every value becomes one percent-encoded segment.
 *
 * @example
 * path`/dev/v2/project/${appId}/rtm/users/${'a/b'}` // '/dev/v2/project/…/rtm/users/a%2Fb'
 *
 * @throws {AgoraValidationError} `ERR_INVALID_PATH` for `.` and `..`, which URL parsers would remove, and for an
 * empty value.
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  let text = literals[0] ?? ''
  let index = 0
  for (const value of values) {
    if (value === '' || value === '.' || value === '..') {
      throw new AgoraValidationError(
        'ERR_INVALID_PATH',
        'path',
        `"${value}" cannot be a segment of a URL path.`,
      )
    }
    index += 1
    text += encodeURIComponent(value) + (literals[index] ?? '')
  }
  return text
}
