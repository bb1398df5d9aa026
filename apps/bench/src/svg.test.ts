import { expect, test } from 'vitest'
import { barChart, lineChart } from './svg.js'

test('a bar chart has a title, an axis label, and a bar with its figure for each ratio', () => {
  const svg = barChart({
    title: 'Ours & theirs',
    valueLabel: 'ratio (×)',
    bars: [
      { label: 'fast', against: 'to a rival', value: 6.54, low: 6, high: 7, goal: 6, isMet: true },
      { label: 'slow', against: 'to another', value: 0.5, low: 0.4, high: 0.6, goal: 1, isMet: false },
    ],
  })
  expect(svg).toContain('<title>Ours &amp; theirs</title>')
  for (const label of ['ratio (×)', 'fast', 'to a rival', 'slow', 'to another', '6.54', '0.5']) {
    expect(svg).toContain(`>${label}</text>`)
  }
})

test('the names beside the bars have room, however long they are', () => {
  const label = 'a request through the middleware of a framework'
  const bar = { label, against: '', value: 1, low: 1, high: 1, goal: 1, isMet: true }
  const svg = barChart({ title: 'Ours', valueLabel: 'ratio (×)', bars: [bar] })
  const [, end] = new RegExp(`<text x="([\\d.]+)"[^>]*text-anchor="end"[^>]*>${label}<`).exec(svg) ?? []
  expect(Number(end)).toBeGreaterThan(label.length * 7)
})

test('a line chart has a title, both axis labels, powers of ten and a point for each amount', () => {
  const svg = lineChart({
    title: 'Growth',
    amountLabel: 'users',
    ratioLabel: 'relative',
    lines: [
      {
        label: 'tokens',
        points: [
          { amount: 1, ratio: 1 },
          { amount: 1000, ratio: 1.1 },
        ],
      },
    ],
  })
  for (const label of ['Growth', 'users (logarithmic)', 'relative', 'tokens', '1,000']) {
    expect(svg).toContain(`>${label}</text>`)
  }
  expect(svg.match(/<circle /g)).toHaveLength(2)
})
