import { afterEach, beforeEach, vi } from 'vitest'

const ours = /AGORA|^APP_|CUSTOMER|_PROXY$/i

/** Gives every test of the file an environment that says nothing about Agora and proxies, whatever the developer's says. */
export function useCleanEnvironment(): void {
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (ours.test(name)) vi.stubEnv(name, undefined)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })
}
