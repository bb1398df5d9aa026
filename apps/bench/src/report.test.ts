import { expect, test } from 'vitest'
import { loadBenchmark } from './catalog.js'
import { writeReport } from './report.js'

test('a benchmark that ran is a line of the table for each goal, a section and a picture', async () => {
  const benchmark = await loadBenchmark('build-token')
  const result = await benchmark.measure({ quick: true })
  const { markdown, pictures } = writeReport([{ name: 'build-token', benchmark, result }], {
    machine: 'Node v20 on a machine.',
    notes: '## Notes\n\n### build-token\n\nThe reason.\n',
  })

  const [head, rule, ...rows] = markdown.split('\n').filter((line) => line.startsWith('|'))
  expect(head).toMatch(
    /^\| what +\| against +\| measured +\| median +\| middle half +\| goal +\| result +\|$/,
  )
  expect(rule).toMatch(/^(?:\| -+ )+\|$/)
  expect(rows).toHaveLength(2)
  for (const row of rows) {
    expect(row).toMatch(
      /\| [\d.]+ × +\| [\d.]+–[\d.]+ +\| ≥ [\d.]+ × +\| (?:met|missed: \[why\]\(#build-token\)) +\|$/,
    )
  }
  expect(markdown).toContain('Node v20 on a machine.')
  expect(markdown).toContain('## Building a Signaling token')
  expect(markdown).toContain('![Building a Signaling token](benchmarks/build-token.svg)')
  expect(markdown).toContain('### build-token\n\nThe reason.')

  const picture = pictures.get('build-token.svg')
  expect(picture).toMatch(/^<svg [^>]+>\n<title>Building a Signaling token<\/title>/)
  expect(picture).toContain('ratio (×)')
}, 60_000)

test('a name that is no benchmark is answered with those there are', async () => {
  await expect(loadBenchmark('tokens')).rejects.toThrow(/"tokens".*build-token, verify-token/)
})
