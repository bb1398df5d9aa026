import { describe, expect, test } from 'vitest'
import { ask, whenReady } from './per-request.js'

function asking<Value>(find: (request: string) => Value | Promise<Value>): Value | Promise<Value> {
  return ask({ option: 'userId', find }, 'a request')
}

/** Whether it throws or rejects. */
async function failureOf(find: () => unknown): Promise<unknown> {
  try {
    return await asking(find)
  } catch (failure) {
    return failure
  }
}

describe('a callback', () => {
  test('is given the request, and answers at once or later', async () => {
    expect(asking((request) => `the user of ${request}`)).toBe('the user of a request')
    const later = asking(async (request) => `the user of ${request}`)
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toBe('the user of a request')
  })

  test('may give a query of a database library, which has a then and is no Promise', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    const query = { then: (resolve: (value: string) => void) => resolve('alice') }
    const answer: unknown = Reflect.apply(asking, undefined, [() => query])
    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toBe('alice')
  })

  test('that fails with an error fails with that one', async () => {
    const failure = new Error('The session store is down.')
    const failing = (): never => {
      throw failure
    }
    expect(await failureOf(failing)).toBe(failure)
    expect(await failureOf(async () => failing())).toBe(failure)
  })

  test.each([[undefined], [null], ['route'], [0], [{ status: 403 }]])(
    'that fails with %j fails with an error that names the option',
    async (reason) => {
      const failing = (): never => {
        throw reason
      }
      for (const failure of [await failureOf(failing), await failureOf(async () => failing())]) {
        expect(failure).toMatchObject({ cause: reason })
        expect(String(failure)).toContain('The userId callback')
      }
    },
  )
})

test('what comes next comes at once when the value is there, else later', async () => {
  expect(whenReady(1, (value) => value + 1)).toBe(2)
  const later = whenReady(Promise.resolve(1), (value) => value + 1)
  expect(later).toBeInstanceOf(Promise)
  expect(await later).toBe(2)
})
