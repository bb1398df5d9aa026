import type { Benchmark, BenchmarkResult, Row } from './benchmark.js'
import { readable } from './numbers.js'
import { median, spread } from './rounds.js'
import { barChart, lineChart } from './svg.js'
import type { Bar } from './svg.js'

export interface Measured {
  readonly name: string
  readonly benchmark: Pick<Benchmark, 'title' | 'method'>
  readonly result: BenchmarkResult
}

export interface Report {
  readonly markdown: string
  /** Content by file name. */
  readonly pictures: ReadonlyMap<string, string>
}

export interface ReportOptions {
  /** What it ran on. */
  readonly machine: string
  /** Text by hand: a section `### name` says why a goal of that benchmark is missed. */
  readonly notes: string
}

export function isMet({ values, goal }: Row): boolean {
  const value = median(values)
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}

export function writeReport(measured: readonly Measured[], { machine, notes }: ReportOptions): Report {
  const pictures = new Map<string, string>()
  const sections: string[] = []
  for (const { name, benchmark, result } of measured) {
    const section = [`## ${benchmark.title}`, benchmark.method]
    const files = picturesOf(name, benchmark.title, result)
    for (const [file, svg] of files) {
      pictures.set(file, svg)
      section.push(`![${benchmark.title}](benchmarks/${file})`)
    }
    sections.push(section.join('\n\n'))
  }
  const rows = measured.flatMap(({ name, result }) => result.rows.map((row) => cells(name, row, notes)))
  const markdown = [
    '# Benchmarks',
    'Written by `npx pnpm bench`; text by hand is in `apps/bench/notes.md`. The figures are goals and not tests.',
    machine,
    table(['what', 'against', 'measured', 'median', 'middle half', 'goal', 'result'], rows),
    [
      'All contenders of a benchmark take turns in the same run, each in a process of its own that is warmed up by one round',
      'that does not count. A figure is made of two turns of the same round; the median of the rounds counts, and the middle half is',
      'where the rounds between the first and the third quartile lie. Ratios are written so that `≥` goals are better when higher',
      'and `≤` goals when lower. CPU time is user and system time of the process measured: other work on the machine disturbs it',
      'less than wall time.',
    ].join('\n'),
    ...sections,
    notes.trim(),
  ]
  return { markdown: `${markdown.join('\n\n')}\n`, pictures }
}

/** One line of the table for a terminal. */
export function describeRow(row: Row): string {
  const { low, high } = spread(row.values)
  return `${isMet(row) ? '✓' : '✗'} ${row.what} / ${row.against}: ${withUnit(median(row.values), row)} (${withUnit(low, row)} to ${withUnit(high, row)}), goal ${goalText(row)} — ${row.measured}`
}

function cells(name: string, row: Row, notes: string): string[] {
  const { low, high } = spread(row.values)
  const isExplained = notes.split('\n').includes(`### ${name}`)
  const result = isMet(row) ? 'met' : isExplained ? `missed: [why](#${name})` : 'missed'
  return [
    row.what,
    row.against,
    row.measured,
    withUnit(median(row.values), row),
    row.values.length === 1 ? '–' : `${readable(low)}–${readable(high)}`,
    goalText(row),
    result,
  ]
}

function withUnit(value: number, { unit }: Row): string {
  return unit === '' ? String(value) : `${readable(value)}${unit === '×' ? ' ×' : unit}`
}

function goalText({ goal, unit }: Row): string {
  const suffix = unit === '×' ? ' ×' : unit
  return 'atLeast' in goal ? `≥ ${goal.atLeast}${suffix}` : `≤ ${goal.atMost}${suffix}`
}

/** Columns as wide as their widest cell, as the formatter writes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  )
  const render = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rows].map(render).join('\n')
}

function picturesOf(name: string, title: string, { rows, growth }: BenchmarkResult): Map<string, string> {
  const pictures = new Map<string, string>()
  const ratioRows = rows.filter(({ unit }) => unit === '×')
  if (growth !== undefined) {
    const ratioLabel = 'relative to the smallest amount (×)'
    pictures.set(`${name}.svg`, lineChart({ title, ratioLabel, ...growth }))
  } else if (ratioRows.length > 0) {
    const bars = ratioRows.map((row): Bar => {
      const { low, high } = spread(row.values)
      return {
        label: row.what.replaceAll('`', ''),
        against: `to ${row.against.replaceAll('`', '')}`,
        value: median(row.values),
        low,
        high,
        goal: 'atLeast' in row.goal ? row.goal.atLeast : row.goal.atMost,
        isMet: isMet(row),
      }
    })
    pictures.set(`${name}.svg`, barChart({ title, valueLabel: 'ratio (×)', bars }))
  }
  return pictures
}
