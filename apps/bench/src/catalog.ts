import type { Benchmark } from './benchmark.js'

/** Loaded one by one, so that no contender carries the modules of another benchmark in its heap. */
const loaders: Readonly<Record<string, () => Promise<Benchmark>>> = {
  'build-token': async () => (await import('./benchmarks/build-token.js')).buildToken,
  'verify-token': async () => (await import('./benchmarks/verify-token.js')).verifyToken,
  send: async () => (await import('./benchmarks/send.js')).send,
  middleware: async () => (await import('./benchmarks/middleware.js')).middleware,
  import: async () => (await import('./benchmarks/import.js')).importTime,
  size: async () => (await import('./benchmarks/size.js')).size,
  memory: async () => (await import('./benchmarks/memory.js')).memory,
  growth: async () => (await import('./benchmarks/growth.js')).growth,
  emulator: async () => (await import('./benchmarks/emulator.js')).emulator,
}

export const benchmarkNames: readonly string[] = Object.keys(loaders)

export async function loadBenchmark(name: string): Promise<Benchmark> {
  const load = loaders[name]
  if (load === undefined) {
    throw new Error(`There is no benchmark "${name}". There are: ${benchmarkNames.join(', ')}.`)
  }
  return load()
}
