import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

const shared = '../../vitest.config.ts'

/** Nest 11 stands in a package of its own, so that its parts find each other and not Nest 12. */
const nest11 = createRequire(createRequire(import.meta.url).resolve('nest11/package.json'))

// Not isolated: Nest takes seconds to load, and the files share nothing but code.
// oxlint-disable-next-line import/no-default-export -- Vitest reads the default export
export default defineConfig({
  test: {
    projects: [
      { extends: shared, test: { name: 'Nest 12', isolate: false } },
      {
        extends: shared,
        test: { name: 'Nest 11', isolate: false },
        plugins: [
          {
            name: 'nest-11',
            enforce: 'pre',
            resolveId: (id) => (id.startsWith('@nestjs/') ? nest11.resolve(id) : undefined),
          },
        ],
      },
    ],
  },
})
