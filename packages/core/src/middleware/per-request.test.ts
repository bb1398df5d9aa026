import { expect, test } from 'vitest'
import { whenReady } from './per-request.js'

test('a value that is there is used at once', () => {
  expect(whenReady(1, (value) => value + 1)).toBe(2)
  expect(whenReady(undefined, (value) => String(value))).toBe('undefined')
})

test('a value that comes later is used then', async () => {
  const result = whenReady(Promise.resolve(1), (value) => value + 1)
  expect(result).toBeInstanceOf(Promise)
  await expect(result).resolves.toBe(2)
})

test('a query of a database library, which has a then and is no Promise, is waited for', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
  const query = { then: (resolve: (value: string) => void) => resolve('alice') }
  const result: unknown = Reflect.apply(whenReady, undefined, [query, (value: unknown) => value])
  await expect(result).resolves.toBe('alice')
})

test('failures stay failures', async () => {
  const failure = new Error('failed')
  await expect(whenReady(Promise.reject(failure), () => 1)).rejects.toBe(failure)
  await expect(
    whenReady(Promise.resolve(1), () => {
      throw failure
    }),
  ).rejects.toBe(failure)
})
