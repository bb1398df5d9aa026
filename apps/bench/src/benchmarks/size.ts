import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Benchmark } from '../benchmark.js'
import { readable } from '../numbers.js'

const run = promisify(execFile)

interface PackageFacts {
  readonly packedBytes: number
  readonly bytes: number
  readonly dependencies: readonly string[]
}

/** What `npm pack` would put on a user's disk. */
async function factsOf(name: string): Promise<PackageFacts> {
  const folder = fileURLToPath(new URL(`../../../../packages/${name}/`, import.meta.url))
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder })
  const listing: unknown = JSON.parse(stdout)
  const first: unknown = Array.isArray(listing) ? listing[0] : undefined
  const manifest: unknown = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'))
  const dependencies = property(manifest, 'dependencies') ?? {}
  return {
    packedBytes: Number(property(first, 'size')),
    bytes: Number(property(first, 'unpackedSize')),
    dependencies: Object.keys(dependencies),
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

export const size: Benchmark = {
  title: 'What an installation brings',
  method:
    'What `npm pack` makes of core; the unpacked size of the files it takes from core and express; and their dependencies from others.',
  contenders: {},

  async measure() {
    const core = await factsOf('core')
    const express = await factsOf('express')
    const foreign = [...core.dependencies, ...express.dependencies].filter(
      (name) => !name.startsWith('@agora-signaling/'),
    )
    return {
      rows: [
        {
          what: 'core, packed',
          against: '–',
          values: [core.packedBytes / 1000],
          unit: ' kB',
          goal: { atMost: 300 },
          measured: `${readable(core.packedBytes / 1000)} kB`,
        },
        {
          what: 'core and express, unpacked',
          against: '–',
          values: [(core.bytes + express.bytes) / 1000],
          unit: ' kB',
          goal: { atMost: 300 },
          measured: `core ${readable(core.bytes / 1000)} kB, express ${readable(express.bytes / 1000)} kB`,
        },
        {
          what: 'dependencies of core and express',
          against: '–',
          values: [foreign.length],
          unit: '',
          goal: { atMost: 1 },
          measured: foreign.join(', '),
        },
      ],
    }
  },
}
