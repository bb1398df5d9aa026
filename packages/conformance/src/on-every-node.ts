// `pnpm test` runs this: vitest, once on each version of Node that the packages support, in turn. Its arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { nodeVersions } from 'node-versions'

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

for (const { version, binary } of nodeVersions) {
  process.stdout.write(`\nOn Node ${version}\n`)
  // Most of the time of a test run is this suite's: it may have the whole machine.
  const args = [
    vitest,
    'run',
    '--config',
    '../../vitest.config.ts',
    '--maxWorkers',
    '100%',
    ...process.argv.slice(2),
  ]
  const { status, error } = spawnSync(binary, args, { stdio: 'inherit' })
  if (error !== undefined) throw error
  if (status !== 0) process.exitCode = 1
}
