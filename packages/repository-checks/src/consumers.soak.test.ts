import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { install } from './consumer.js'
import { runScript } from './project.js'

/** A project of `fixtures/consumers`, the packages it gets, and the scripts that each send a message. */
interface Project {
  readonly project: string
  readonly fixture: string
  readonly packages: readonly string[]
  readonly others?: Readonly<Record<string, string>>
  readonly scripts: readonly string[]
}

const projects: readonly Project[] = [
  {
    project: 'Nest 11 as `nest new` makes it, with Jest',
    fixture: 'nest11-jest',
    packages: ['core', 'nestjs'],
    scripts: ['test'],
  },
  {
    project: 'Nest 12, with Vitest',
    fixture: 'nest12-vitest',
    packages: ['core', 'nestjs'],
    scripts: ['test'],
  },
  {
    project: 'Express in TypeScript',
    fixture: 'typescript',
    packages: ['core', 'express'],
    scripts: ['commonjs-node10', 'nodenext', 'bundler', 'typescript7'],
  },
  {
    project: 'Jest 29',
    fixture: 'jest',
    packages: ['core'],
    others: { jest: '^29.6.3' },
    scripts: ['test'],
  },
  {
    project: 'test runners and bundlers',
    fixture: 'tools',
    packages: ['core'],
    scripts: ['mocha', 'node-test', 'esbuild-esm', 'esbuild-cjs', 'rollup'],
  },
]

const temporaryFolder = inject('temporaryFolder')
const packed = inject('packedPackages')

describe.each(projects)('$project', ({ project, fixture, packages, others, scripts }) => {
  const folder = join(temporaryFolder, project.replaceAll(/\W+/g, '-'))

  beforeAll(
    () =>
      install(
        fixture,
        folder,
        packed.filter(({ name }) => packages.includes(name.replace('@agora-signaling/', ''))),
        others,
      ),
    300_000,
  )

  test.each(scripts)('npm run %s sends a message', async (script) => {
    expect((await runScript(folder, script)).channels).toContain(script)
  })

  // Lists and no conditions: CI counts a skipped test as a failure.
  test.each(fixture === 'nest11-jest' ? ['build'] : [])('npm run %s compiles', async (script) => {
    await expect(runScript(folder, script)).resolves.toBeDefined()
  })

  test.each(fixture === 'tools' ? ['esbuild-esm-with-undici'] : [])(
    'npm run %s: a bundle that took undici in says at its first call what to leave out',
    async (script) => {
      await expect(runScript(folder, script)).rejects.toThrow(
        /AgoraConfigError ERR_CONFIG_INVALID undici, .*--external:undici/,
      )
    },
  )
})
