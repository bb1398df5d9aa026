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

  test.runIf(fixture === 'nest11-jest')('npm run build compiles', async () => {
    await expect(runScript(folder, 'build')).resolves.toBeDefined()
  })

  test.runIf(fixture === 'tools')(
    'a bundle that took undici in says at its first call what to leave out',
    async () => {
      await expect(runScript(folder, 'esbuild-esm-with-undici')).rejects.toThrow(
        /AgoraConfigError ERR_CONFIG_INVALID undici, .*--external:undici/,
      )
    },
  )
})
