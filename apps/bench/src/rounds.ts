import type { Sample } from './benchmark.js'
import { ContenderProcess, figure } from './contender-process.js'

export interface RoundsOptions {
  readonly benchmark: string
  readonly contenders: readonly string[]
  /** Of each start. */
  readonly rounds: number
  /**
   * How often the contenders are started anew. Of the same program one process is some percent faster than the next:
   * where that is more than what is measured, one start is not enough. Default 1.
   */
  readonly starts?: number
  /** Units of work in each round, for one contender: those of a slow peer may be smaller. */
  readonly size: (contender: string) => number
  readonly argument?: string
  /** Does a round and says what it cost. Default: the contender does it by itself. */
  readonly round?: (contender: ContenderProcess, size: number) => Promise<Sample>
}

/** Samples per unit of work, round by round. */
export type Rounds = ReadonlyMap<string, readonly Sample[]>

/**
 * Starts the contenders and lets them take turns: each round has one turn of each, in an order that rotates, so that
 * whatever else the machine does meets them all alike. A first round warms them up and does not count.
 */
export async function takeTurns(options: RoundsOptions): Promise<Rounds> {
  const { contenders, starts = 1 } = options
  const samples = new Map<string, Sample[]>(contenders.map((name) => [name, []]))
  for (let start = 0; start < starts; start++) await takeTurnsOnce(options, samples)
  return samples
}

async function takeTurnsOnce(options: RoundsOptions, samples: ReadonlyMap<string, Sample[]>): Promise<void> {
  const { benchmark, contenders, rounds, size, argument } = options
  const round = options.round ?? ((contender, units) => contender.round(units))
  const processes = new Map<string, ContenderProcess>()
  try {
    for (const name of contenders) {
      processes.set(name, await ContenderProcess.start(benchmark, name, argument))
    }
    for (let turn = 0; turn <= rounds; turn++) {
      for (const name of rotated(contenders, turn)) {
        const contender = processes.get(name)
        if (contender === undefined) continue
        const sample = await round(contender, size(name))
        if (turn > 0) samples.get(name)?.push(perUnit(sample, size(name)))
      }
    }
  } finally {
    await Promise.all([...processes.values()].map((contender) => contender.stop()))
  }
}

/** The figures of a contender, one for each round. */
export function figures(rounds: Rounds, contender: string, name: string): number[] {
  return (rounds.get(contender) ?? []).map((sample) => figure(sample, name))
}

/** How one series compares with another, round by round: of two figures taken right after each other. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((numerator, index) => numerator / (denominators[index] ?? Number.NaN))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The middle half of the values: from the first quartile to the third. */
export function spread(values: readonly number[]): { readonly low: number; readonly high: number } {
  return { low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

function perUnit(sample: Sample, size: number): Sample {
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, value / size]))
}
