import type { LookupFunction } from 'node:net'

/** The clock, randomness and DNS of a client. Tests can replace them. */
export interface Runtime {
  /** Unix milliseconds, for times that are compared with other machines. */
  readonly wallClockMs: () => number
  /** Milliseconds since some fixed moment. They never jump. For waiting and measuring. */
  readonly monotonicMs: () => number
  /** A number from 0 up to 1. */
  readonly random: () => number
  /** Resolves after `ms`, or as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Resolves host names. Default: as Node does. */
  readonly lookup: LookupFunction | undefined
}

/** The machine itself. */
export const machine: Runtime = {
  wallClockMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const onEnd = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onEnd)
        resolve()
      }
      const timer = setTimeout(onEnd, ms)
      signal?.addEventListener('abort', onEnd, { once: true })
    }),
  lookup: undefined,
}

/**
 * Option of `createSignalingClient` that replaces parts of the machine, for tests. A symbol, so that no configuration
 * file can set it. Of the registry, since a test may import it from one copy of this package and the application another.
 */
export const clientRuntime: unique symbol = Symbol.for('@agora-signaling/core.clientRuntime')
