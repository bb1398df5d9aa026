import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.config.js'

// oxlint-disable-next-line import/no-default-export -- Vitest reads the default export
export default defineConfig((env) => mergeConfig(shared(env), { test: { globalSetup: 'src/pack.ts' } }))
