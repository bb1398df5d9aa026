import { expect, test } from 'vitest'
import { useCleanEnvironment } from './test-support/clean-environment.js'
import { echoSession } from './test-support/echo-session.js'
import { encodings } from './test-support/encodings.js'
import { places, statuses } from './test-support/hostile-server.js'
import type { Echo } from './test-support/hostile-server.js'

useCleanEnvironment()

function* echoesWith(status: number): Generator<Echo> {
  for (const place of Object.keys(places)) {
    for (const encode of Object.values(encodings)) yield { place, encode, status }
  }
}

test.each(statuses)(
  'with status %d, no echo in any place and encoding is printed by any operation with any authentication',
  { timeout: 600_000 },
  async (status) => {
    const session = await echoSession(echoesWith(status), true)
    expect(session.calls).toBeGreaterThan(20_000)
    expect(session.leaks()).toEqual([])
    expect(session.disturbing()).toEqual([])
  },
)
