import { expect, test } from 'vitest'
import { median, ratios, spread } from './rounds.js'

test('the median is the middle figure, or lies between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 9, 2])).toBe(3)
})

test('the spread is the middle half of the rounds: one round that went wrong does not show', () => {
  expect(spread([5, 1, 3, 2, 100])).toEqual({ low: 2, high: 5 })
})

test('ratios compare figures of the same round', () => {
  expect(ratios([6, 9], [2, 3])).toEqual([3, 3])
})
