import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LruMap } from './lru-map.js'

test('forgets the entry that was unused for longest', () => {
  const map = new LruMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.get('a')
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
})

test('setting an entry anew counts as use and does not push out another', () => {
  const map = new LruMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 10)
  expect([map.get('a'), map.get('b')]).toEqual([10, 2])
  map.set('a', 11)
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([11, undefined, 3])
})

test('forgets an entry when told to', () => {
  const map = new LruMap<string, number>(2)
  map.set('a', 1)
  map.delete('a')
  expect(map.get('a')).toBeUndefined()
})

test('whatever is done to it, it holds exactly the last entries that were used', () => {
  const step = fc.record({
    action: fc.constantFrom('get', 'set', 'delete'),
    key: fc.integer({ min: 0, max: 9 }),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step), (maxEntries, steps) => {
      const map = new LruMap<number, number>(maxEntries)
      let used: number[] = []
      for (const { action, key } of steps) {
        const isHeld = used.includes(key)
        if (action === 'get') map.get(key)
        if (action === 'set') map.set(key, key)
        if (action === 'delete') map.delete(key)
        if (action === 'set' || (action === 'get' && isHeld))
          used = [...used.filter((held) => held !== key), key]
        if (action === 'delete') used = used.filter((held) => held !== key)
        used = used.slice(-maxEntries)
      }
      const held = Array.from({ length: 10 }, (_, key) => key).filter((key) => map.get(key) !== undefined)
      expect(held).toEqual(used.toSorted((a, b) => a - b))
    }),
  )
})
