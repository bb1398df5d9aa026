import { AgoraValidationError } from '../errors.js'

/**
 * The rules for user IDs and channel names, as the REST pages state them: 1 to 64 characters out of letters,
 * digits, space and 27 symbols. Slash, backslash, double quote, asterisk, backtick and everything outside ASCII
 * are not among them.
 *
 * @see https://docs.agora.io/en/signaling/rest-api/peer-to-peer-message
 */
const legalCharacters = /^[A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,']+$/
const illegalCharacter = /[^A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,']/u
const maxLength = 64

/**
 * Says what is wrong with a user ID, in words that follow "userId …". Gives `undefined` for a valid one.
 *
 * Check the names that users choose with it, at sign-up.
 *
 * @example
 * userIdProblem('a/b') // 'must not contain "/": letters, digits, …'
 *
 * @see https://docs.agora.io/en/signaling/rest-api/peer-to-peer-message
 */
export function userIdProblem(value: unknown): string | undefined {
  return identifierProblem(value)
}

/**
 * Says what is wrong with a channel name, in words that follow "channel …". Gives `undefined` for a valid one.
 *
 * @example
 * channelNameProblem('') // 'must not be empty'
 *
 * @see https://docs.agora.io/en/signaling/rest-api/peer-to-peer-message
 */
export function channelNameProblem(value: unknown): string | undefined {
  return identifierProblem(value)
}

function identifierProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, got ${describeType(value)}`
  if (value.length === 0) return 'must not be empty'
  if (value.length > maxLength) return `must be at most ${maxLength} characters, got ${value.length}`
  if (!legalCharacters.test(value)) {
    const character = illegalCharacter.exec(value)?.[0] ?? ''
    return `must not contain ${describeCharacter(character)}: letters, digits, space and !#$%&()+-:;<=.>?@[]^_{}|~,' are allowed`
  }
  if (value.startsWith(' ') || value.endsWith(' ')) return 'must not start or end with a space'
  return undefined
}

/**
 * Why a legal identifier cannot stand in a URL path. URL parsers remove the segments `.` and `..`, also when they
 * are percent-encoded, so such a request would reach another route.
 */
function pathProblem(value: string): string | undefined {
  return value === '.' || value === '..'
    ? `must not be "${value}": URLs cannot carry it as a path segment`
    : undefined
}

/** @throws {AgoraValidationError} `ERR_INVALID_USER_ID` */
export function requireUserId(value: unknown, argument: string): string {
  const problem = userIdProblem(value)
  if (problem === undefined && typeof value === 'string') return value
  throw new AgoraValidationError('ERR_INVALID_USER_ID', argument, `${argument} ${problem}.`)
}

/** As {@link requireUserId}, for a user ID that becomes part of a URL path. */
export function requireUserIdInPath(value: unknown, argument: string): string {
  const userId = requireUserId(value, argument)
  const problem = pathProblem(userId)
  if (problem === undefined) return userId
  throw new AgoraValidationError('ERR_INVALID_USER_ID', argument, `${argument} ${problem}.`)
}

/** @throws {AgoraValidationError} `ERR_INVALID_CHANNEL` */
export function requireChannelName(value: unknown, argument: string): string {
  const problem = channelNameProblem(value)
  if (problem === undefined && typeof value === 'string') return value
  throw new AgoraValidationError('ERR_INVALID_CHANNEL', argument, `${argument} ${problem}.`)
}

/** As {@link requireChannelName}, for a channel name that becomes part of a URL path. */
export function requireChannelNameInPath(value: unknown, argument: string): string {
  const channel = requireChannelName(value, argument)
  const problem = pathProblem(channel)
  if (problem === undefined) return channel
  throw new AgoraValidationError('ERR_INVALID_CHANNEL', argument, `${argument} ${problem}.`)
}

function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return 'a number (convert it with String(id))'
  return value === undefined ? 'undefined' : `a value of type ${typeof value}`
}

function describeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
  const printable = codePoint > 0x20 && codePoint < 0x7f
  return printable ? `"${character}" (${name})` : name
}
