import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { legalCharacters, legalInPath } from '../test-support/legal-characters.js'
import {
  channelNameProblem,
  requireChannelName,
  requireChannelNameInPath,
  requireUserId,
  requireUserIdInPath,
  userIdProblem,
} from './identifiers.js'

const checks = [
  ['user ID', 'ERR_INVALID_USER_ID', requireUserId, requireUserIdInPath, userIdProblem],
  ['channel name', 'ERR_INVALID_CHANNEL', requireChannelName, requireChannelNameInPath, channelNameProblem],
] as const

describe.each(checks)('a %s', (_, errorCode, require, requireInPath, problem) => {
  test('may be made of the 90 characters that Agora lists', () => {
    for (const character of legalCharacters.filter((legal) => legal !== ' ')) {
      expect(require(character, 'id')).toBe(character)
    }
    expect(require('a b', 'id')).toBe('a b')
    expect(require('rtmtest_RTM_4852_4857w7%', 'id')).toBe('rtmtest_RTM_4852_4857w7%')
  })

  test('may have 64 characters and no more', () => {
    expect(require('x'.repeat(64), 'id')).toHaveLength(64)
    expect(thrownBy(() => require('x'.repeat(65), 'id')).message).toBe(
      'id must be at most 64 characters, got 65.',
    )
  })

  test('of legal characters is legal, in paths too', () => {
    fc.assert(
      fc.property(legalInPath, (id) => {
        expect(require(id, 'id')).toBe(id)
        expect(requireInPath(id, 'id')).toBe(id)
        expect(problem(id)).toBeUndefined()
      }),
    )
  })

  test('with any other character is not', () => {
    const illegal = fc
      .integer({ min: 0, max: 0x10ffff })
      .map((code) => String.fromCodePoint(code))
      .filter((character) => !legalCharacters.includes(character))
    fc.assert(
      fc.property(illegal, (character) => {
        const error = thrownBy(() => require(`a${character}b`, 'id'))
        expect(error).toMatchObject({ name: 'AgoraValidationError', code: errorCode, argument: 'id' })
      }),
    )
  })

  test.each([
    ['a/b', 'must not contain "/" (U+002F)'],
    ['a\\b', 'must not contain "\\" (U+005C)'],
    ['a"b', 'must not contain """ (U+0022)'],
    ['a*b', 'must not contain "*" (U+002A)'],
    ['a`b', 'must not contain "`" (U+0060)'],
    ['a\nb', 'must not contain U+000A'],
    ['a\0b', 'must not contain U+0000'],
    ['a\u007f', 'must not contain U+007F'],
    ['naïve', 'must not contain U+00EF'],
    ['🙂', 'must not contain U+1F642'],
    [' a', 'must not start or end with a space'],
    ['a ', 'must not start or end with a space'],
    [' ', 'must not start or end with a space'],
    ['', 'must not be empty'],
    [7, 'must be a string, got a number (convert it with String(id))'],
    [undefined, 'must be a string, got undefined'],
    [null, 'must be a string, got null'],
    [['alice'], 'must be a string, got a value of type object'],
  ])('%j: %s', (value, words) => {
    const error = thrownBy(() => require(value, 'id'))
    expect(error).toMatchObject({ code: errorCode, argument: 'id' })
    expect(error.message).toContain(`id ${words}`)
    expect(problem(value)).toContain(words)
  })

  test.each(['.', '..'])('may be %j, but not in a path', (id) => {
    expect(require(id, 'id')).toBe(id)
    expect(thrownBy(() => requireInPath(id, 'id'))).toMatchObject({ code: errorCode, argument: 'id' })
  })
})
