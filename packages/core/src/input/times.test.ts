import { expect, test } from 'vitest'
import { isTimeoutMs } from './times.js'

test('a time limit is what a timer of Node can wait for', () => {
  expect([0.5, 1, 15_000, 2 ** 31 - 1].every(isTimeoutMs)).toBe(true)
  expect([0, -1, Number.NaN, Infinity, 2 ** 31, '15000', undefined, null].some(isTimeoutMs)).toBe(false)
})
