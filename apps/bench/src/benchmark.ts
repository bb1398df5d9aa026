/** What one round of one contender came to, by name. */
export type Sample = Readonly<Record<string, number>>

/** One side of a comparison, in a process of its own. */
export interface Contender {
  /** Where it can be reached, when it is a server. */
  readonly address?: string
  /** Does `size` units of work. What it costs is measured around it, unless it returns figures of its own. */
  round?(size: number): Promise<Sample | void> | Sample | void
}

/** Starts a contender; the argument is what the benchmark hands it, often the address of a server. */
export type StartContender = (argument: string) => Promise<Contender> | Contender

/** What a figure should come to. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number }

/** One line of the report. */
export interface Row {
  /** Ours. */
  readonly what: string
  readonly against: string
  /** One figure for each round; the median counts. */
  readonly values: readonly number[]
  readonly unit: '×' | ' ms' | ' kB' | ''
  readonly goal: Goal
  /** The figures behind the ratio, for the reader. */
  readonly measured: string
}

/** How a cost grows with the amount of work: a line of a picture. */
export interface GrowthLine {
  readonly label: string
  readonly points: readonly { readonly amount: number; readonly ratio: number }[]
}

export interface BenchmarkResult {
  readonly rows: readonly Row[]
  readonly growth?: { readonly amountLabel: string; readonly lines: readonly GrowthLine[] }
}

export interface MeasureOptions {
  /** Few and small rounds: shows that everything runs, its figures mean nothing. */
  readonly quick: boolean
}

export interface Benchmark {
  readonly title: string
  /** How it is measured, in a sentence or two. */
  readonly method: string
  readonly contenders: Readonly<Record<string, StartContender>>
  measure(options: MeasureOptions): Promise<BenchmarkResult>
}
