import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { operations } from '../operations.js'
import { thrownBy } from '../test-support/failures.js'
import { legalCharacters, legalInPath } from '../test-support/legal-characters.js'
import { fillPath } from './path.js'

test('values become percent-encoded segments of the template', () => {
  expect(fillPath(operations.sendToUser.path, { appId: 'app', userId: 'a/b?c#d' })).toBe(
    '/dev/v2/project/app/rtm/users/a%2Fb%3Fc%23d/peer_messages',
  )
  expect(fillPath('/no/values', {})).toBe('/no/values')
})

test('each of the 90 legal characters arrives as it was', () => {
  expect(legalCharacters).toHaveLength(90)
  for (const character of legalCharacters) {
    const id = `a${character}b`
    expect(received(fillPath('/users/{id}/messages', { id }))).toEqual(['users', id, 'messages'])
  }
})

test('every legal user ID and channel name arrives as it was, and on the same route', () => {
  fc.assert(
    fc.property(legalInPath, legalInPath, (user, channel) => {
      const target = fillPath('/userId/{user}/channel/{channel}/x', { user, channel })
      expect(target).toMatch(/^[\w!'()*.~%\-/]+$/)
      expect(received(target)).toEqual(['userId', user, 'channel', channel, 'x'])
    }),
  )
})

test.each(['.', '..', ''])('%j cannot be a segment: URL parsers would remove it', (value) => {
  const error = thrownBy(() => fillPath('/users/{value}/messages', { value }))
  expect(error).toMatchObject({ name: 'AgoraValidationError', code: 'ERR_INVALID_PATH' })
})

test.each(['...', '.a', 'a..', '%2e', '%2E%2E'])('%j can', (value) => {
  expect(received(fillPath('/users/{value}/messages', { value }))).toEqual(['users', value, 'messages'])
})

/** What a server that parses the URL reads. */
function received(target: string): string[] {
  return new URL(`https://api.agora.io${target}`).pathname.slice(1).split('/').map(decodeURIComponent)
}
