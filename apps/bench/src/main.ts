import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { benchmarkNames, loadBenchmark } from './catalog.js'
import { describeMachine } from './machine.js'
import { describeRow, writeReport } from './report.js'
import type { Measured } from './report.js'

const usage = `Usage: npx pnpm bench [name …] [--quick]

Measures beside the nearest peers, in the same run. Without names: everything, and the report goes to docs/benchmarks.md.

  --quick   few and small rounds: shows that everything runs, its figures mean nothing, and nothing is written
  --help    this text

Names: ${benchmarkNames.join(', ')}
`

const docs = new URL('../../../docs/', import.meta.url)
const notesFile = new URL('../notes.md', import.meta.url)

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    // pnpm hands on the `--` of `pnpm bench -- --quick`.
    args: args[0] === '--' ? args.slice(1) : [...args],
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const loadBefore = loadavg()
  const measured: Measured[] = []
  for (const name of positionals.length === 0 ? benchmarkNames : positionals) {
    const benchmark = await loadBenchmark(name)
    say(`\n${benchmark.title} (${name})`)
    const result = await benchmark.measure({ quick: values.quick })
    for (const row of result.rows) say(`  ${describeRow(row)}`)
    measured.push({ name, benchmark, result })
  }
  if (positionals.length === 0 && !values.quick) write(measured, loadBefore)
}

function write(measured: readonly Measured[], loadBefore: readonly number[]): void {
  const notes = existsSync(notesFile) ? readFileSync(notesFile, 'utf8') : ''
  const { markdown, pictures } = writeReport(measured, { machine: describeMachine(loadBefore), notes })
  mkdirSync(new URL('benchmarks/', docs), { recursive: true })
  for (const [file, svg] of pictures) writeFileSync(new URL(`benchmarks/${file}`, docs), svg)
  writeFileSync(new URL('benchmarks.md', docs), markdown)
  say('\nWritten to docs/benchmarks.md.')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
