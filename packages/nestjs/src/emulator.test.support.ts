import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator, EmulatorCredentials } from '@agora-signaling/emulator'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'

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
  afterEach(() => {
    vi.unstubAllEnvs()
    current().reset()
  })
  afterAll(() => current().close())
  return current
}

/** What a client needs to talk to an emulator. Once: how calls are repeated is a matter of core. */
export function optionsFor({
  credentials,
  url,
}: Emulator): EmulatorCredentials & { baseUrl: string; maxAttempts: number } {
  return { ...credentials, baseUrl: url, maxAttempts: 1 }
}

/** Forgets what the developer's own machine has set. */
export function stubEnvironment(values: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) {
    if (name.includes('AGORA')) vi.stubEnv(name, undefined)
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
}
