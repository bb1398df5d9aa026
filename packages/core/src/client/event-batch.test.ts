import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { EventBatch } from './event-batch.js'

const batch = () => new EventBatch(['a', 'b'], { requestId: '1', unreadable: [null], possibleLoss: true })

test('is an array, and can be taken apart together with its account', () => {
  const whole = batch()
  const { events, isFull, possibleLoss, requestId, unreadable } = whole
  expect(Array.isArray(whole)).toBe(true)
  expect(events).toBe(whole)
  expect([...events]).toEqual(['a', 'b'])
  expect({ isFull, possibleLoss, requestId, unreadable }).toEqual({
    isFull: false,
    possibleLoss: true,
    requestId: '1',
    unreadable: [null],
  })
})

test('gives plain arrays when it is mapped, filtered or cut', () => {
  for (const derived of [
    batch().map((event) => event),
    batch().filter(() => true),
    batch().slice(),
    batch().concat(),
  ]) {
    expect(derived.constructor).toBe(Array)
    expect(derived).toEqual(['a', 'b'])
  }
})

test('is printed and turned into JSON as a list', () => {
  expect(inspect(batch())).toBe("EventBatch(2) [ 'a', 'b' ]")
  expect(JSON.stringify(batch())).toBe('["a","b"]')
})

test('takes as many events as an answer can hold', () => {
  const events = Array.from({ length: 300_000 }, (_, index) => index)
  const large = new EventBatch(events, { requestId: undefined, unreadable: [], possibleLoss: false })
  expect(large).toHaveLength(300_000)
  expect(large.at(-1)).toBe(299_999)
})

test('stays full while it is worked off', () => {
  const full = new EventBatch(
    Array.from({ length: 1000 }, () => 'a'),
    { requestId: undefined, unreadable: [], possibleLoss: false },
  )
  full.splice(0, 500)
  expect(full.isFull).toBe(true)
})
