import { expect, test } from 'vitest'
import { appCertificate, appId } from './test-support/account.js'
import { shownPath } from './shown-path.js'

test.each([
  [
    `/dev/v2/project/${appId}/rtm/users/alice/peer_messages`,
    '/dev/v2/project/0123…cdef/rtm/users/alice/peer_messages',
  ],
  [`/rtm/v2/history/${appId.toUpperCase()}/userId/a`, '/rtm/v2/history/0123…CDEF/userId/a'],
  [`/x/${appCertificate}/${appId}`, '/x/c0ff…ee00/0123…cdef'],
  [`/x/${appCertificate}${appId}`, '/x/c0ff…ee000123…cdef'],
  [`/x/007eJx${'Ab1%2B'.repeat(20)}%3D`, '/x/[token]'],
  ['/dev/v1/projects', '/dev/v1/projects'],
])('%s is shown as %s', (path, shown) => {
  expect(shownPath(path)).toBe(shown)
  expect(shownPath(shown)).toBe(shown)
})
