import { expect, test } from 'vitest'
import { barChart, lineChart } from './svg.js'

test('a bar chart has a title, an axis label, and a bar with its figure for each ratio', () => {
  const svg = barChart({
    title: 'Ours & theirs',
    valueLabel: 'ratio (×)',
    bars: [
      { label: 'fast', value: 6.54, low: 6, high: 7, goal: 6, isMet: true },
      { label: 'slow', value: 0.5, low: 0.4, high: 0.6, goal: 1, isMet: false },
    ],
  })
  expect(svg).toContain('<title>Ours &amp; theirs</title>')
  for (const label of ['ratio (×)', 'fast', 'slow', '6.54', '0.5']) expect(svg).toContain(`>${label}</text>`)
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
