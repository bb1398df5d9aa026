import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { memoryOver } from './checks/memory.js'
import { defineAdapterConformance } from './index.js'
import type { Rig } from './index.js'

const folder = join(import.meta.dirname, '../rigs')

for (const file of readdirSync(folder).toSorted()) {
  if (file.endsWith('.d.ts')) continue
  const module: unknown = await import(join(folder, file))
  for (const [name, value] of Object.entries(Object(module))) {
    // The other exports are what several rigs share.
    if (isRig(value)) defineAdapterConformance(name, value, [memoryOver(100_000)])
  }
}

function isRig(value: unknown): value is Rig {
  return typeof value === 'object' && value !== null && 'open' in value && 'bodyParser' in value
}
