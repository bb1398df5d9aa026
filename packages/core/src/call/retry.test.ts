import { describe, expect, test } from 'vitest'
import { operations } from '../operations.js'
import { failureClassOfStatus } from '../wire/failure.js'
import type { FailureClass } from '../wire/failure.js'
import { backOff, decideRetry, repeatabilityOf } from './retry.js'
import type { Repeatability, RetryDecision } from './retry.js'

const careful = { maxAttempts: 4, retryUnsafe: false }
const failures: readonly FailureClass[] = [
  'dns',
  'connect',
  'broken',
  'timed-out',
  'rate-limited',
  'server-error',
  'gateway',
  'final',
]

function decide(
  failure: FailureClass,
  repeatability: Repeatability,
  count = 1,
  limits = careful,
): RetryDecision | undefined {
  return decideRetry(failure, repeatability, count, limits)
}

describe('a send', () => {
  test('is repeated only where it certainly was not processed', () => {
    const repeated = failures.filter((failure) => decide(failure, 'sends') !== undefined)
    expect(repeated).toEqual(['dns', 'connect', 'rate-limited'])
  })

  test('is repeated in doubt when its caller asks for that', () => {
    const repeated = failures.filter(
      (failure) => decide(failure, 'sends', 1, { maxAttempts: 4, retryUnsafe: true }) !== undefined,
    )
    expect(repeated).toEqual(failures.filter((failure) => failure !== 'final'))
  })
})

describe('a read', () => {
  test('is repeated after every failure that may pass', () => {
    const repeated = failures.filter((failure) => decide(failure, 'reads') !== undefined)
    expect(repeated).toEqual(failures.filter((failure) => failure !== 'final'))
  })

  test('is repeated once after a 500, which rarely passes', () => {
    expect(decide('server-error', 'reads', 1)).toEqual({ next: 'same', possibleLoss: false })
    expect(decide('server-error', 'reads', 2)).toBeUndefined()
  })

  test('that deletes says so when events may have been lost', () => {
    const lossy = failures.filter((failure) => decide(failure, 'reads-destructively')?.possibleLoss === true)
    expect(lossy).toEqual(['broken', 'timed-out', 'server-error', 'gateway'])
  })
})

test.each<[FailureClass, number, RetryDecision['next']]>([
  ['dns', 1, 'other-domain'],
  ['connect', 1, 'adjacent'],
  ['broken', 1, 'same'],
  ['broken', 2, 'adjacent'],
  ['gateway', 1, 'same'],
  ['gateway', 2, 'adjacent'],
  ['rate-limited', 2, 'same'],
  ['timed-out', 2, 'same'],
])('after %s (failure %i) the next attempt goes to: %s', (failure, count, next) => {
  expect(decide(failure, 'reads', count)?.next).toBe(next)
})

test('a call has as many attempts as its client allows', () => {
  expect(decide('connect', 'sends', 3)).toBeDefined()
  expect(decide('connect', 'sends', 4)).toBeUndefined()
  expect(decide('connect', 'sends', 1, { maxAttempts: 1, retryUnsafe: true })).toBeUndefined()
})

test('waits grow to 1, 3 and 6 seconds, with full jitter', () => {
  expect([1, 2, 3, 4, 9].map((count) => backOff(count, () => 1))).toEqual([1000, 3000, 6000, 6000, 6000])
  expect(backOff(2, () => 0.25)).toBe(750)
  expect(backOff(1, () => 0)).toBe(0)
})

test.each([
  [408, 'timed-out'],
  [429, 'rate-limited'],
  [500, 'server-error'],
  [502, 'gateway'],
  [503, 'gateway'],
  [504, 'gateway'],
  [400, 'final'],
  [401, 'final'],
  [403, 'final'],
  [404, 'final'],
  [435, 'final'],
  [501, 'final'],
])('status %i is %s', (status, failure) => {
  expect(failureClassOfStatus(status)).toBe(failure)
})

test.each([
  ['sendToUser', 'POST', 'sends'],
  ['sendToChannel', 'POST', 'sends'],
  ['publish', 'POST', 'sends'],
  ['history', 'GET', 'reads'],
  ['projects', 'GET', 'reads'],
  ['pullUserEvents', 'GET', 'reads-destructively'],
  ['pullChannelEvents', 'GET', 'reads-destructively'],
  ['request', 'GET', 'reads'],
  ['request', 'DELETE', 'sends'],
] as const)('%s by %s counts as: %s', (operation, method, repeatability) => {
  expect(repeatabilityOf(operations[operation], method)).toBe(repeatability)
})
