import { defineConfig } from 'vitest/config'

// oxlint-disable-next-line import/no-default-export -- Vitest reads the default export
export default defineConfig({
  test: { globalSetup: 'src/pack.ts', testTimeout: 30_000, hookTimeout: 60_000 },
})
