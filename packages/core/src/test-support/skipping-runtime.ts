import type { Runtime } from '../runtime.js'
import { machine } from '../runtime.js'

/** A machine whose waits take no time, though its clocks go on as if they had. */
export interface SkippingRuntime extends Runtime {
  /** Every wait asked for, in milliseconds. */
  readonly waits: readonly number[]
}

/** @param random What chance gives. Default always one half. */
export function skippingRuntime(random = 0.5): SkippingRuntime {
  const waits: number[] = []
  let skippedMs = 0
  return {
    wallClockMs: () => machine.wallClockMs() + skippedMs,
    monotonicMs: () => machine.monotonicMs() + skippedMs,
    random: () => random,
    sleep: async (ms) => {
      waits.push(ms)
      skippedMs += ms
    },
    lookup: undefined,
    waits,
  }
}
