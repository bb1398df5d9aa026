import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RateWindow } from './rate-window.js'

test('as many calls as the limit start at once, the next one second after the first', () => {
  const window = new RateWindow(3)
  expect([0, 0, 0, 0, 0].map((now) => window.reserve(now))).toEqual([0, 0, 0, 1000, 1000])
})

test('a call is told how long it would wait, and no place is taken by asking', () => {
  const window = new RateWindow(1)
  expect(window.waitMs(0)).toBe(0)
  expect(window.waitMs(0)).toBe(0)
  window.reserve(0)
  expect(window.waitMs(400)).toBe(600)
})

test('no second holds more starts than the limit, wherever it begins, and order is kept', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }),
      (limit, gaps) => {
        const window = new RateWindow(limit)
        const starts: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          starts.push(now + window.reserve(now))
        }
        expect(starts).toEqual(starts.toSorted((a, b) => a - b))
        const tooClose = starts.filter((start, index) => start - (starts[index - limit] ?? -Infinity) < 1000)
        expect(tooClose).toEqual([])
      },
    ),
  )
})
