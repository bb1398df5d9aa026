import type { Bench } from './bench.js'

/** One thing that the users of every adapter may rely on. It throws when it does not hold. */
export type Check = readonly [name: string, run: (bench: Bench) => Promise<void>]

/** Checks of one topic. */
export type Section = readonly [title: string, checks: readonly Check[]]

/** Collects the checks that `define` adds. */
export function section(title: string, define: (check: (...added: Check) => void) => void): Section {
  const checks: Check[] = []
  define((...check) => void checks.push(check))
  return [title, checks]
}
