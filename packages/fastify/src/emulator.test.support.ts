import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator } from '@agora-signaling/emulator'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** An emulator for all tests of a file, emptied after each. */
export function useEmulator(): () => Emulator {
  let emulator: Emulator | undefined
  const current = (): Emulator => {
    if (emulator === undefined) throw new Error('The emulator runs inside tests only.')
    return emulator
  }
  beforeAll(async () => {
    emulator = await createEmulator()
  })
  afterEach(() => current().reset())
  afterAll(() => current().close())
  return current
}

/** What a client needs to talk to an emulator. */
export function optionsFor({ credentials, url }: Emulator): typeof credentials & { baseUrl: string } {
  return { ...credentials, baseUrl: url }
}

/** As `expect.objectContaining`, without its type `any`. */
export function having(properties: object): unknown {
  return expect.objectContaining(properties)
}

/** As `expect.stringMatching`, without its type `any`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
