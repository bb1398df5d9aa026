import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

test('vitest is red for a rig that lies, and names the rig, the topic and the check', async () => {
  const args = ['run', '--dir', 'fixtures', '--reporter=verbose', '--testNamePattern=the client of a request']
  const run = spawn(process.execPath, [vitest, ...args], {
    cwd: packageFolder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [output] = await Promise.all([text(run.stdout), once(run, 'exit')])
  expect(run.exitCode).toBe(1)
  const check = 'the client of a request > is on the request, and getAgora() gives the same'
  expect(output).toMatch(new RegExp(`✓ .*An honest rig > ${escape(check)}`))
  expect(output).toMatch(new RegExp(`[×✗] .*A rig that lies > ${escape(check)}`))
}, 120_000)

function escape(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
