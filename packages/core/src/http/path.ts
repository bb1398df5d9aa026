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
  for (const [index, value] of values.entries()) {
    if (value === '' || value === '.' || value === '..') {
      throw new AgoraValidationError(
        'ERR_INVALID_PATH',
        'path',
        `"${value}" cannot be a segment of a URL path.`,
      )
    }
    text += encodeURIComponent(value) + (literals[index + 1] ?? '')
  }
  return text
}
