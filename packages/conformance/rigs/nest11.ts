import { createRequire } from 'node:module'
import { vi } from 'vitest'
import { nestRig } from './nest.js'

// Vitest moves these before the imports: the rig, the adapter and whatever is imported later get Nest 11.
vi.mock('@nestjs/common', async () => nest11('@nestjs/common'))
vi.mock('@nestjs/core', async () => nest11('@nestjs/core'))
vi.mock('@nestjs/platform-express', async () => nest11('@nestjs/platform-express'))
vi.mock('@nestjs/platform-fastify', async () => nest11('@nestjs/platform-fastify'))

/** Loads a part of Nest 11. It stands in a package of its own, where its parts find each other and not Nest 12. */
async function nest11(part: string): Promise<object> {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('nest11/package.json'))
  const loaded: unknown = await import(resolve(part))
  if (typeof loaded === 'object' && loaded !== null) return loaded
  throw new TypeError(`${part} is no module.`)
}

/** As {@link nestRig}, with Nest 11. */
export const nest11Rig: typeof nestRig = nestRig
