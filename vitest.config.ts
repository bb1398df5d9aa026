import { defineConfig } from 'vitest/config'

// Every package's tests run with this. `--mode soak` runs the proofs that take minutes, in files named *.soak.test.ts.
// oxlint-disable-next-line import/no-default-export -- Vitest reads the default export
export default defineConfig(({ mode }) => {
  const isSoak = mode === 'soak'
  return {
    test: {
      dir: 'src',
      include: [isSoak ? '**/*.soak.test.ts' : '**/*.test.ts'],
      exclude: isSoak ? [] : ['**/*.soak.test.ts'],
      // Patience, not expectation: a laptop that compiles something else beside the tests has to pass them too.
      testTimeout: isSoak ? 600_000 : 60_000,
      hookTimeout: 60_000,
    },
  }
})
