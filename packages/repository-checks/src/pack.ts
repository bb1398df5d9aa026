import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { publishedPackages } from './published-packages.js'
import { root } from './repository.js'
import { run } from './run.js'

/** A published package as users get it. */
export interface PackedPackage {
  readonly name: string
  /** Where it comes from, relative to the checkout. */
  readonly folder: string
  readonly tarball: string
  /** The tarball's content. */
  readonly unpacked: string
}

declare module 'vitest' {
  interface ProvidedContext {
    packedPackages: readonly PackedPackage[]
    /** A folder outside the checkout, so that nothing is found by looking upwards. Removed after the tests. */
    temporaryFolder: string
  }
}

/** Packs every published package once, for all tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'agora-signaling-packed-'))
  const packages = publishedPackages()
  const filters = packages.map(({ folder }) => `--filter=./${folder}`)
  await run('npx', ['--yes', 'pnpm', ...filters, 'pack', '--pack-destination', temporaryFolder], {
    cwd: root,
  })
  const packedPackages = await Promise.all(
    packages.map(async ({ name, folder, manifest }) => {
      const tarball = join(
        temporaryFolder,
        `${name.slice(1).replace('/', '-')}-${String(manifest['version'])}.tgz`,
      )
      const unpacked = join(temporaryFolder, 'unpacked', basename(folder))
      mkdirSync(unpacked, { recursive: true })
      await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], { cwd: temporaryFolder })
      return { name, folder, tarball, unpacked }
    }),
  )
  project.provide('packedPackages', packedPackages)
  project.provide('temporaryFolder', temporaryFolder)
  return () => rm(temporaryFolder, { recursive: true, force: true })
}
