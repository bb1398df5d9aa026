import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Line } from './line.js'
import type { LinePlace } from './line.js'

test('first come, first served, whoever leaves in between', () => {
  const step = fc.oneof(
    fc.constant('join' as const),
    fc.constant('join in front' as const),
    fc.constant('take' as const),
    fc.nat(20),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const line = new Line<number>()
      const places: LinePlace[] = []
      let expected: number[] = []
      const taken: unknown[] = []
      const expectedTaken: unknown[] = []
      for (const what of steps) {
        const id = places.length
        if (what === 'join') {
          places.push(line.join(id))
          expected.push(id)
        } else if (what === 'join in front') {
          places.push(line.joinInFront(id))
          expected.unshift(id)
        } else if (what === 'take') {
          taken.push(line.takeFirst())
          expectedTaken.push(expected.shift())
        } else {
          // Leaving twice does no harm.
          places[what]?.leave()
          expected = expected.filter((other) => other !== what)
        }
        expect([line.first, line.size]).toEqual([expected[0], expected.length])
      }
      expect(taken).toEqual(expectedTaken)
      expect(Array.from({ length: line.size }, () => line.takeFirst())).toEqual(expected)
    }),
  )
})
