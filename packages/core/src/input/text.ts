import { toUSVString } from 'node:util'
import { AgoraValidationError } from '../errors.js'
import type { AgoraValidationErrorCode } from '../errors.js'
import { describe } from './describe.js'

/** The rules for one text: which error it gives, and how many bytes of UTF-8 it may have. */
export interface TextRule {
  readonly code: AgoraValidationErrorCode
  readonly minBytes: 0 | 1
  readonly maxBytes: number
}

/**
 * A text that fits and that UTF-8 carries unchanged.
 *
 * @throws {AgoraValidationError} with the code of the rule.
 */
export function requireText(value: unknown, argument: string, rule: TextRule): string {
  const problem = textProblem(value, rule)
  if (problem === undefined && typeof value === 'string') return value
  throw new AgoraValidationError(rule.code, argument, `${argument} ${problem}.`)
}

/** What is wrong with a text, in words that follow its name; `undefined` when nothing is. */
export function textProblem(value: unknown, { minBytes, maxBytes }: TextRule): string | undefined {
  if (typeof value === 'number') return 'must be a string, got a number: convert it with String(…)'
  if (typeof value !== 'string') return `must be a string, got ${describe(value)}`
  const bytes = Buffer.byteLength(value)
  if (bytes < minBytes) return 'must not be empty'
  if (bytes > maxBytes) return `must have at most ${maxBytes} bytes in UTF-8, got ${bytes}`
  // Half of a surrogate pair has no UTF-8 form. It would reach Agora as U+FFFD, and two such IDs would be one user.
  if (bytes !== value.length && toUSVString(value) !== value) {
    return 'must be well-formed Unicode, but holds half of a surrogate pair'
  }
  return undefined
}
