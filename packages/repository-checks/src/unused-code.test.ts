import { expect, test } from 'vitest'
import { runKnip } from './knip.js'
import { root } from './repository.js'

test('nothing is written, exported or depended on that nobody uses', async () => {
  expect(await runKnip(root, ['--config', 'packages/repository-checks/knip.jsonc'])).toBe('')
})
