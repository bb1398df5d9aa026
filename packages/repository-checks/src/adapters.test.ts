import { describe, expect, test } from 'vitest'
import { typeScriptBlocks } from './documentation-code.js'
import { forbiddenImports, importingPackages, importsOf } from './adapters.js'
import { readJsonObject, isObject } from './published-packages.js'
import { readRepositoryFile, repositoryFiles, root } from './repository.js'
import { join } from 'node:path'

const packages = importingPackages()
const adapters = packages.filter(({ isAdapter }) => isAdapter)
const adapterNames = new Set(adapters.map(({ name }) => name))
const files = repositoryFiles()
const rigs = files.filter((file) => /^packages\/conformance\/rigs\/[^/]+\.ts$/.test(file))

test('there are adapters, and each says which framework it is for', () => {
  expect(adapterNames).toContain('@agora-signaling/express')
  expect(adapters.length).toBeGreaterThan(3)
})

describe('imports point one way', () => {
  test.each(packages)('in $folder', (one) => {
    expect(forbiddenImports(one, adapterNames)).toEqual([])
  })

  const planted: [string, string, string, RegExp][] = [
    ['core', 'express', 'core/src/x.ts', /core imports undici and Node's own modules/],
    ['core', '@agora-signaling/koa', 'core/src/x.ts', /nobody imports an adapter but an app/],
    ['koa', '@agora-signaling/express', 'koa/src/x.ts', /nobody imports an adapter but an app/],
    ['koa', 'express', 'koa/src/x.ts', /not among the dependencies and peerDependencies of .*koa/],
    ['koa', '@agora-signaling/emulator', 'koa/src/x.ts', /it may import core alone/],
    ['emulator', '@agora-signaling/hono', 'emulator/src/x.ts', /nobody imports an adapter but an app/],
  ]
  test.each(planted)('%s may not import %s', (folder, from, file, message) => {
    const one = packages.find((candidate) => candidate.folder === `packages/${folder}`)
    if (one === undefined) throw new Error(`There is no packages/${folder}.`)
    const forbidden = forbiddenImports({ ...one, imports: [{ file, from }] }, adapterNames)
    expect(forbidden).toEqual([expect.stringMatching(message)])
  })

  test('every way to import is seen', () => {
    const source = [
      "import a from 'a'",
      "import { x,\n y } from '@b/c/d'",
      "export type { z } from 'e/f'",
      "import 'g'",
      "const h = await import('h')",
      "const i = require('i')",
      "import './own.js'",
      "import { j } from 'node:http'",
    ].join('\n')
    expect(importsOf(source)).toEqual(['a', '@b/c', 'e', 'g', 'h', 'i', 'node:'])
  })
})

test('docs/writing-an-adapter.md shows the adapter that the conformance suite runs on, word for word', () => {
  const shown = typeScriptBlocks(readRepositoryFile('docs/writing-an-adapter.md')).map(
    ({ code }) => `${code}\n`,
  )
  expect(shown).toContain(readRepositoryFile('packages/conformance/rigs/node-http-adapter.ts'))
})

describe.each(adapters)('$name', ({ name, folder }) => {
  test('has a rig, so that the conformance suite runs on it', () => {
    const own = rigs.filter((file) => importsOf(readRepositoryFile(file)).includes(name))
    expect(own, `Add packages/conformance/rigs/…: a rig that imports ${name}.`).not.toEqual([])
  })

  test('is built before the conformance suite and the checks of the repository run', () => {
    for (const reader of ['conformance', 'repository-checks']) {
      const { devDependencies } = readJsonObject(join(root, `packages/${reader}/package.json`))
      const names = isObject(devDependencies) ? Object.keys(devDependencies) : []
      expect(names, `Add "${name}": "workspace:^" to packages/${reader}/package.json.`).toContain(name)
    }
  })

  test('is in the table of packages of the README', () => {
    const link = `[\`${name}\`](${folder})`
    expect(readRepositoryFile('README.md'), `Add a row to "Packages" of README.md: ${link}.`).toContain(link)
  })
})

describe.each(rigs.filter((file) => /^export const \w+: Rig\b/m.test(readRepositoryFile(file))))(
  '%s',
  (rig) => {
    test('has a test file of its own, which runs beside the others', () => {
      const name = rig.slice('packages/conformance/rigs/'.length, -'.ts'.length)
      const file = `packages/conformance/src/${name}.test.ts`
      expect(files, `Add ${file}: defineAdapterConformance(name, rig).`).toContain(file)
      expect(readRepositoryFile(file)).toContain(`from '../rigs/${name}.js'`)
    })
  },
)
