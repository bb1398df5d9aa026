import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { memoryOver } from './checks/memory.js'
import { defineAdapterConformance } from './index.js'
import type { Rig } from './index.js'

const folder = join(import.meta.dirname, '../rigs')

// Backwards, and each with modules of its own: the rigs of Nest 11 put it in the place of Nest 12 for what comes after.
for (const file of readdirSync(folder).toSorted().toReversed()) {
  if (file.endsWith('.d.ts')) continue
  vi.resetModules()
  const module: unknown = await import(join(folder, file))
  if (typeof module !== 'object' || module === null) continue
  for (const [name, value] of Object.entries(module)) {
    // The other exports are what several rigs share.
    if (isRig(value)) defineAdapterConformance(name, value, [memoryOver(100_000)])
  }
}

function isRig(value: unknown): value is Rig {
  return typeof value === 'object' && value !== null && 'open' in value && 'bodyParser' in value
}
