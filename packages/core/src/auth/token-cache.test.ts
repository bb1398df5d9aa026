import { expect, test } from 'vitest'
import { renewalMarginSeconds } from './token-cache.js'

test.each([
  [86_400, 60],
  [3600, 60],
  [600, 60],
  [599, 59.9],
  [60, 6],
  [1, 0.1],
])('a token of %d seconds is not used in its last %d', (ttlSeconds, marginSeconds) => {
  expect(renewalMarginSeconds(ttlSeconds)).toBe(marginSeconds)
})
