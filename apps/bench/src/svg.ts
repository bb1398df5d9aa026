/*
 * The two pictures the report needs. They stand on a light ground of their own, so that they can be read on a dark page.
 */

export interface Bar {
  readonly label: string
  /** What it is compared with, on a line of its own. */
  readonly against: string
  readonly value: number
  readonly low: number
  readonly high: number
  readonly goal: number
  readonly isMet: boolean
}

export interface BarChart {
  readonly title: string
  readonly valueLabel: string
  readonly bars: readonly Bar[]
}

export interface Line {
  readonly label: string
  readonly points: readonly { readonly amount: number; readonly ratio: number }[]
}

export interface LineChart {
  readonly title: string
  readonly amountLabel: string
  readonly ratioLabel: string
  readonly lines: readonly Line[]
}

/** Generous, since each machine has fonts of its own. */
const widestCharacter = 7.5

const ink = '#1f2933'
const faint = '#d5dbe1'
const met = '#2f7ebc'
const missed = '#c4552d'
const lineColours = [met, missed, '#3c8d5a', '#7d5ba6'] as const

/** Bars with the middle half of the rounds as a whisker, and the goal as a mark across. */
export function barChart({ title, valueLabel, bars }: BarChart): string {
  const longest = Math.max(...bars.flatMap(({ label, against }) => [label.length, against.length]))
  const left = 24 + longest * widestCharacter
  const right = left + 450
  const width = right + 70
  const rowHeight = 40
  const top = 48
  const bottom = top + bars.length * rowHeight
  const ticks = ticksUpTo(Math.max(...bars.flatMap(({ high, goal, value }) => [high, goal, value])))
  const end = ticks.at(-1) ?? 1
  const x = (value: number): number => left + (value / end) * (right - left)
  const grid = ticks.map((tick) => verticalTick(x(tick), top, bottom, shortNumber(tick)))
  const rows = bars.map((bar, index) => {
    const y = top + index * rowHeight
    const middle = y + rowHeight / 2
    return [
      text(left - 8, middle - 2, bar.label, 'end'),
      text(left - 8, middle + 12, bar.against, 'end', 11),
      `<rect x="${left}" y="${y + 8}" width="${round(x(bar.value) - left)}" height="${rowHeight - 16}" fill="${bar.isMet ? met : missed}"/>`,
      line(x(bar.low), middle, x(bar.high), middle, ink, 2),
      line(x(bar.goal), y + 2, x(bar.goal), y + rowHeight - 2, ink, 2, '3 2'),
      text(x(Math.max(bar.value, bar.high, bar.goal)) + 6, middle + 4, shortNumber(bar.value), 'start'),
    ].join('\n')
  })
  const legend = 'bar: median · line in it: middle half of the rounds · dashed: goal · blue: met, red: missed'
  return picture(width, bottom + 62, title, [
    ...grid,
    ...rows,
    text((left + right) / 2, bottom + 36, valueLabel, 'middle'),
    text(width / 2, bottom + 54, legend, 'middle', 11),
  ])
}

/** Lines over an amount that grows by powers of ten. */
export function lineChart({ title, amountLabel, ratioLabel, lines }: LineChart): string {
  const width = 640
  const left = 64
  const right = width - 24
  const top = 48
  const bottom = 300
  const points = lines.flatMap((series) => series.points)
  const firstPower = Math.floor(Math.log10(Math.min(...points.map(({ amount }) => amount))))
  const lastPower = Math.ceil(Math.log10(Math.max(...points.map(({ amount }) => amount))))
  const ticks = ticksUpTo(Math.max(1.2, ...points.map(({ ratio }) => ratio)))
  const end = ticks.at(-1) ?? 1
  const x = (amount: number): number =>
    left + ((Math.log10(amount) - firstPower) / Math.max(1, lastPower - firstPower)) * (right - left)
  const y = (ratio: number): number => bottom - (ratio / end) * (bottom - top)
  const powers = Array.from({ length: lastPower - firstPower + 1 }, (_, index) => 10 ** (firstPower + index))
  return picture(width, bottom + 64 + 18 * lines.length, title, [
    ...powers.map((amount) => verticalTick(x(amount), top, bottom, amount.toLocaleString('en-US'))),
    ...ticks.map(
      (tick) =>
        `${line(left, y(tick), right, y(tick), faint, 1)}\n${text(left - 6, y(tick) + 4, shortNumber(tick), 'end')}`,
    ),
    text((left + right) / 2, bottom + 38, `${amountLabel} (logarithmic)`, 'middle'),
    `<g transform="translate(16 ${(top + bottom) / 2}) rotate(-90)">${text(0, 0, ratioLabel, 'middle')}</g>`,
    ...lines.map((series, index) => {
      const colour = lineColours[index % lineColours.length] ?? ink
      const places = series.points.map(({ amount, ratio }) => [round(x(amount)), round(y(ratio))] as const)
      const legendY = bottom + 58 + 18 * index
      return [
        `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
        line(left, legendY, left + 24, legendY, colour, 3),
        text(left + 32, legendY + 4, series.label, 'start'),
      ].join('\n')
    }),
  ])
}

/** Round numbers from 0 to past the largest value: four to nine steps. */
function ticksUpTo(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest))
  const step = [0.2, 0.5, 1, 2].map((part) => part * power).find((size) => largest / size <= 8) ?? power
  return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, index) => index * step)
}

function picture(width: number, height: number, title: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(width / 2, 26, title, 'middle', 16),
    ...content,
    '</svg>',
    '',
  ].join('\n')
}

function verticalTick(x: number, top: number, bottom: number, label: string): string {
  return `${line(x, top, x, bottom, faint, 1)}\n${text(x, bottom + 16, label, 'middle', 11)}`
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size = 13): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="${ink}">${escaped(content)}</text>`
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  width: number,
  dashes?: string,
): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"${dashed}/>`
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
