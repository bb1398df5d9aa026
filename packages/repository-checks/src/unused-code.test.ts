import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './repository.js'
import { runToEnd } from './run.js'

const knip = join(import.meta.dirname, '../node_modules/knip/bin/knip.js')

test('nothing is written, exported or depended on that nobody uses', async () => {
  const args = ['--config', 'packages/repository-checks/knip.jsonc', '--no-progress', '--no-config-hints']
  expect(await runToEnd(process.execPath, [knip, ...args], { cwd: root })).toBe('')
})
