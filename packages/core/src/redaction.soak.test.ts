import { expect, test } from 'vitest'
import { useCleanEnvironment } from './test-support/clean-environment.js'
import { echoSession } from './test-support/echo-session.js'
import { encodings } from './test-support/encodings.js'
import { places, statuses } from './test-support/hostile-server.js'
import type { Echo } from './test-support/hostile-server.js'

useCleanEnvironment()

const ways = Object.values(encodings)

/** Each pair of two lists with an item of a third one in turn. */
function* everyPair<A, B, C>(as: readonly A[], bs: readonly B[], cs: readonly C[]): Generator<[A, B, C]> {
  let turn = 0
  for (const a of as) {
    for (const b of bs) {
      const c = cs[turn % cs.length]
      turn += 1
      if (c !== undefined) yield [a, b, c]
    }
  }
}

const withEncodings: readonly Echo[] = Array.from(
  everyPair(Object.keys(places), ways, statuses),
  ([place, encode, status]) => ({ place, encode, status }),
)
const withStatuses: readonly Echo[] = Array.from(
  everyPair(Object.keys(places), statuses, ways),
  ([place, status, encode]) => ({ place, encode, status }),
)

test.each([
  ['in any encoding', withEncodings],
  ['with any status', withStatuses],
] as const)(
  'no echo in any place, %s, is printed by any operation with any authentication',
  { timeout: 1_200_000 },
  async (_, echoes) => {
    const session = await echoSession(echoes, true)
    expect(session.calls).toBe(echoes.length * 45)
    expect(session.leaks()).toEqual([])
    expect(session.disturbing()).toEqual([])
  },
)
