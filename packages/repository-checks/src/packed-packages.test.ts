import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { nodeVersions } from 'node-versions'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, test } from 'vitest'
import { runKnip } from './knip.js'
import { isObject, readJsonObject } from './published-packages.js'
import { readRepositoryFile, repositoryFiles } from './repository.js'

/** What of knip's report is about dependencies. */
const onlyDependencies = ['--include', 'dependencies,unlisted,unresolved']

const sources = repositoryFiles()
const notPublished = /\.(?:test|test-d|d)\.|\/test-support\//

/** What a package has to hold, and nothing else: its modules with their types in both systems, without tests and what supports them. */
function expectedFiles(folder: string): string[] {
  const modules = sources
    .filter((file) => file.startsWith(`${folder}/src/`) && file.endsWith('.ts') && !notPublished.test(file))
    .map((file) => file.slice(`${folder}/src/`.length, -'.ts'.length))
  const built = ['dist/esm', 'dist/cjs'].flatMap((system) =>
    modules.flatMap((module) => [`${system}/${module}.d.ts`, `${system}/${module}.js`]),
  )
  return ['LICENSE', 'README.md', 'package.json', 'dist/cjs/package.json', ...built].toSorted()
}

function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(isObject(value) ? value : {})
}

function majorOf(version: string): string | undefined {
  return /\d+/.exec(version)?.[0]
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
}

const packedPackages = inject('packedPackages')
const names = packedPackages.map(({ name }) => name)

test('every published package is built before it is packed here', () => {
  const { devDependencies } = readJsonObject(join(import.meta.dirname, '../package.json'))
  expect(Object.keys(isObject(devDependencies) ? devDependencies : {})).toEqual(expect.arrayContaining(names))
})

describe.each(packedPackages)('$name, packed,', ({ folder, tarball, unpacked }) => {
  const manifest = readJsonObject(join(unpacked, 'package.json'))

  test('holds its modules, their types, the README and the licence, and nothing else', () => {
    const [held, expected] = [filesIn(unpacked), expectedFiles(folder)]
    expect(
      held.filter((file) => !expected.includes(file)),
      `Nothing in ${folder}/src makes these. When their source is gone: remove ${folder}/dist, then \`npx pnpm build --force\``,
    ).toEqual([])
    expect(held).toEqual(expected)
    expect(readFileSync(join(unpacked, 'LICENSE'), 'utf8')).toBe(readRepositoryFile('LICENSE'))
  })

  test('refers to no source maps, as it brings none', () => {
    const referring = filesIn(unpacked).filter((file) =>
      /^\/\/# sourceMappingURL=/m.test(readFileSync(join(unpacked, file), 'utf8')),
    )
    expect(referring).toEqual([])
  })

  test('says in each of its exports where the types are, before all else', () => {
    const { './package.json': own, ...modules } = isObject(manifest['exports']) ? manifest['exports'] : {}
    expect(own).toBe('./package.json')
    expect(Object.keys(modules)).toContain('.')
    for (const systems of Object.values(modules)) {
      const [[esm, imported] = [], [cjs, required] = [], ...others] = entriesOf(systems)
      expect([esm, cjs, ...others]).toEqual(['import', 'require'])
      for (const conditions of [imported, required]) {
        const [[first, types] = [], [last, code] = [], ...further] = entriesOf(conditions)
        expect([first, last, ...further]).toEqual(['types', 'default'])
        expect(types).toBe(String(code).replace(/js$/, 'd.ts'))
      }
    }
  })

  test('supports the lines of Node that it is tested on, and no other', () => {
    const lines = isObject(manifest['engines']) ? String(manifest['engines']['node']).split('||') : []
    expect(lines.map(majorOf)).toEqual(nodeVersions.map(({ version }) => majorOf(version)))
  })

  test('depends on released versions, not on the workspace', () => {
    const installed = [manifest['dependencies'], manifest['peerDependencies']]
    expect(JSON.stringify(installed)).not.toMatch(/"(?:workspace|file|link|catalog):/)
  })

  test('imports what it depends on, and depends on what it imports', async () => {
    // Peers are the application's own; some are there for the types or for the framework alone.
    const peers = isObject(manifest['peerDependencies']) ? Object.keys(manifest['peerDependencies']) : []
    const config = `${unpacked}.knip.json`
    writeFileSync(config, JSON.stringify({ ignoreDependencies: peers }))
    expect(
      await runKnip(unpacked, ['--config', config, '--production', '--strict', ...onlyDependencies]),
    ).toBe('')
  })

  test('has nothing that publint finds', async () => {
    const bytes = new Uint8Array(readFileSync(tarball))
    const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  test('has types that agree with its code however it is resolved', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))))
    if (!analysis.types) throw new Error('The package has no types.')
    expect(analysis.problems).toEqual([])
  })
})
