import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RingBuffer } from './ring-buffer.js'

test('keeps the newest items in order, whatever is pushed and taken in between', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer() }),
    fc.record({ take: fc.integer({ min: 0, max: 8 }) }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
      const buffer = new RingBuffer<number>(capacity)
      const model: number[] = []
      for (const action of steps) {
        const isPush = 'push' in action
        const outcome = isPush ? buffer.push(action.push) : buffer.take(action.take)
        if (isPush) model.push(action.push)
        const crowdedOut = model.length > capacity ? model.shift() : undefined
        expect(outcome).toEqual(isPush ? crowdedOut : model.splice(0, action.take))
        expect(buffer.toArray()).toEqual(model)
        expect(buffer.length).toBe(model.length)
        expect(buffer.last()).toBe(model.at(-1))
      }
    }),
  )
})

test('is empty after clear', () => {
  const buffer = new RingBuffer<string>(3)
  buffer.push('a')
  buffer.clear()
  expect(buffer.toArray()).toEqual([])
})
