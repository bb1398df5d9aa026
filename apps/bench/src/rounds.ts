import type { Sample } from './benchmark.js'
import { ContenderProcess, figure } from './contender-process.js'

export interface RoundsOptions {
  readonly benchmark: string
  readonly contenders: readonly string[]
  readonly rounds: number
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
  const { benchmark, contenders, rounds, size, argument } = options
  const round = options.round ?? ((contender, units) => contender.round(units))
  const processes = new Map<string, ContenderProcess>()
  const samples = new Map<string, Sample[]>(contenders.map((name) => [name, []]))
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
    return samples
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
