import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isObject, readJsonObject } from './published-packages.js'
import { root } from './repository.js'
import { run } from './run.js'

const checkout = mkdtempSync(join(tmpdir(), 'agora-new-adapter-'))
const name = '@agora-signaling/demo-host'
const script = join(root, 'tools/new-adapter.js')

/** Runs the script as `npx pnpm new:adapter` does, on a copy of what it changes. */
const newAdapter = (...args: readonly string[]): Promise<string> =>
  run(process.execPath, [script, ...args], { cwd: root })

function link(to: string, from: string): void {
  mkdirSync(dirname(join(checkout, from)), { recursive: true })
  symlinkSync(join(root, to), join(checkout, from))
}

beforeAll(async () => {
  for (const file of ['node_modules', 'tsconfig.base.json', 'tsconfig.cjs.json']) link(file, file)
  for (const folder of ['core', 'emulator']) link(`packages/${folder}`, `packages/${folder}`)
  for (const file of [
    'vitest.config.ts',
    'packages/conformance/src',
    'packages/conformance/rigs',
    'packages/conformance/package.json',
    'packages/conformance/tsconfig.json',
    'packages/repository-checks/package.json',
  ])
    cpSync(join(root, file), join(checkout, file), { recursive: true })
  await newAdapter('demo-host', checkout)
  // As `pnpm install` links them.
  const modules = 'packages/conformance/node_modules'
  for (const module of readdirSync(join(root, modules)))
    if (module !== '@agora-signaling') link(`${modules}/${module}`, `${modules}/${module}`)
  for (const module of readdirSync(join(root, modules, '@agora-signaling')))
    link(`${modules}/@agora-signaling/${module}`, `${modules}/@agora-signaling/${module}`)
  link('packages/core', 'packages/demo-host/node_modules/@agora-signaling/core')
  symlinkSync(join(checkout, 'packages/demo-host'), join(checkout, modules, name))
}, 60_000)

afterAll(() => {
  rmSync(checkout, { recursive: true, force: true })
})

describe('pnpm new:adapter demo-host', () => {
  test('makes a package that compiles for both module systems and passes the conformance suite', async () => {
    const tsc = join(root, 'node_modules/.bin/tsc')
    const folder = join(checkout, 'packages/demo-host')
    for (const config of ['tsconfig.json', 'tsconfig.cjs.json']) {
      expect(await run(tsc, ['-p', config], { cwd: folder })).toBe('')
    }
    await run(process.execPath, [join(root, 'tools/mark-commonjs.js')], { cwd: folder })
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const args = ['run', '--config', '../../vitest.config.ts']
    const own = await run(process.execPath, [vitest, ...args], { cwd: folder })
    expect(own).toMatch(/Tests .*1 passed/)
    const types = ['--noEmit', '--composite', 'false', '--tsBuildInfoFile', 'null']
    expect(await run(tsc, ['-p', 'packages/conformance', ...types], { cwd: checkout })).toBe('')
    const section = ['-t', 'the client of a request']
    const suite = await run(process.execPath, [vitest, ...args, 'demo-host', ...section], {
      cwd: join(checkout, 'packages/conformance'),
    })
    expect(suite).toMatch(/Tests .*\d+ passed/)
    expect(suite).not.toMatch(/failed/)
  }, 180_000)

  test('adds the package where it has to be built first, and imports what an adapter may import', () => {
    for (const reader of ['conformance', 'repository-checks']) {
      const { devDependencies } = readJsonObject(join(checkout, `packages/${reader}/package.json`))
      expect(isObject(devDependencies) && devDependencies[name]).toBe('workspace:^')
    }
    const { dependencies } = readJsonObject(join(checkout, 'packages/demo-host/package.json'))
    expect(dependencies).toEqual({ '@agora-signaling/core': 'workspace:^' })
  })

  test('refuses a name that is taken', async () => {
    await expect(newAdapter('demo-host', checkout)).rejects.toThrow(/demo-host is there already/)
  })

  test.each(['', 'Demo', '../demo', 'a b', '@scope/demo', '-x'])('refuses the name %j', async (bad) => {
    await expect(newAdapter(bad, checkout)).rejects.toThrow(/lower-case letters/)
  })
})
