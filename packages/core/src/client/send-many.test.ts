import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { AgoraApiError } from '../errors.js'
import type { CallAttempt } from '../errors.js'
import { rejectionOf } from '../test-support/failures.js'
import { attempt, numbered, sender, untilInterrupted, upTo, users } from '../test-support/fake-sending.js'
import { having, matching } from '../test-support/matchers.js'
import { unchecked } from '../test-support/unchecked.js'
import { mayHaveBeenSent, sendMany } from './send-many.js'
import type { OutgoingMessage, SendManyOptions } from './send-many-options.js'
import type { SendManyProgress } from './send-many-report.js'

function refusal(): AgoraApiError {
  const attempts = [attempt({ status: 400 })]
  return new AgoraApiError('ERR_BAD_REQUEST', 'no', {
    upstreamStatus: 400,
    method: 'POST',
    path: '/',
    attempts,
  })
}

describe('the report', () => {
  test('has an outcome for each message, in the order of the source', async () => {
    const send = sender(async (to) => {
      if (to === 'user-0') await nextTurn()
    })
    const source: OutgoingMessage[] = [...numbered(2), { from: 'alice', channel: 'lobby', payload: 'hello' }]
    expect(await sendMany(send, source, { concurrency: 3 })).toEqual({
      outcomes: [
        { index: 0, status: 'delivered', requestId: 'r-user-0' },
        { index: 1, status: 'delivered', requestId: 'r-user-1' },
        { index: 2, status: 'sent', requestId: 'r-lobby' },
      ],
      succeeded: 3,
      failed: 0,
      notSent: 0,
      resume: { nextIndex: 3, notSent: [] },
      end: 'done',
    })
  })

  test('collects failures and goes on', async () => {
    const error = refusal()
    const send = sender((to) => {
      if (to === 'user-1') throw error
    })
    const report = await sendMany(send, numbered(4), {})
    expect(report).toMatchObject({ succeeded: 3, failed: 1, end: 'done' })
    expect(report.outcomes[1]).toEqual({ index: 1, status: 'failed', error, mayHaveBeenSent: false })
  })

  test.each<[string, unknown]>([
    ['an error of your own code, as a token function throws', new Error('token service down')],
    ['undefined', undefined],
    ['a text', 'no'],
  ])('has %s as the failure of one message, and the others are sent', async (_, thrown) => {
    const send = sender((to) => {
      if (to === 'user-1') throw thrown
    })
    const report = await sendMany(send, numbered(4), {})
    expect(report).toMatchObject({ succeeded: 3, failed: 1, end: 'done' })
    expect(report.outcomes[1]).toEqual({ index: 1, status: 'failed', error: thrown, mayHaveBeenSent: false })
  })

  test('says of a message that left whether it may have arrived, whatever its send threw', async () => {
    const send = sender((_, { attempts }) => {
      attempts?.push(attempt({ failure: 'ERR_TIMEOUT' }))
      throw new TypeError('a bug')
    })
    const { outcomes } = await sendMany(send, numbered(1), {})
    expect(outcomes).toEqual([having({ status: 'failed', mayHaveBeenSent: true })])
  })

  test.each<[SendManyOptions['keepOutcomes'], number[]]>([
    ['all', [0, 1, 2, 3]],
    ['failures', [1]],
    ['none', []],
    [undefined, [0, 1, 2, 3]],
  ])('with keepOutcomes: %s has the outcomes of %j, and counts them all', async (keepOutcomes, expected) => {
    const send = sender((to) => {
      if (to === 'user-1') throw refusal()
    })
    const report = await sendMany(send, numbered(4), { keepOutcomes })
    expect(report.outcomes.map(({ index }) => index)).toEqual(expected)
    expect(report).toMatchObject({ succeeded: 3, failed: 1, notSent: 0 })
  })
})

const broken = new Error('listener')

describe('onProgress', () => {
  test('is told after each message, with the counts so far', async () => {
    const told: SendManyProgress[] = []
    await sendMany(sender(), numbered(3), { concurrency: 1, onProgress: (progress) => told.push(progress) })
    expect(
      told.map(({ succeeded, failed, notSent, outcome }) => [outcome.index, succeeded, failed, notSent]),
    ).toEqual([
      [0, 1, 0, 0],
      [1, 2, 0, 0],
      [2, 3, 0, 0],
    ])
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw broken
      },
    ],
    ['is an async function that fails', () => Promise.reject(broken)],
  ])('that %s ends the sending with a report that says so, and is not called again', async (_, fail) => {
    const onProgress = vi.fn<() => unknown>(fail)
    const send = sender((to, way) => (to === 'user-0' ? undefined : untilInterrupted(way)))
    const report = await sendMany(send, numbered(5), unchecked({ concurrency: 2 }, { onProgress }))
    expect(report).toMatchObject({ end: 'progress-failed', error: broken, succeeded: 1 })
    expect(report.resume.notSent).toEqual(upTo(report.resume.nextIndex).slice(1))
    expect(onProgress).toHaveBeenCalledTimes(1)
    expect(send.sent).toEqual(users(0))
  })
})

describe('the options', () => {
  test.each<[string, object, RegExp]>([
    ['a name that is misspelt', { concurency: 5 }, /no option "concurency"\. Did you mean concurrency\?/],
    ['an option of an earlier version', { startAt: 5 }, /no option "startAt"/],
    ['a number that is text', { concurrency: '50' }, /concurrency of sendMany\(\) must be a whole number/],
    ['a listener that is none', { onProgress: true }, /onProgress of/],
    [
      'a controller for its signal',
      { signal: new AbortController() },
      /signal of sendMany\(\) must be an AbortSignal/,
    ],
    [
      'a report for its resume',
      { resume: { outcomes: [], succeeded: 1 } },
      /resume of sendMany\(\) must be the resume of an earlier report/,
    ],
    ['a number for its resume', { resume: 5 }, /resume of/],
    ['a resume whose parts are text', { resume: { nextIndex: '5', notSent: [] } }, /resume of/],
    ['a resume of a message that was not taken', { resume: { nextIndex: 5, notSent: [5] } }, /resume of/],
    ['a resume that is negative', { resume: { nextIndex: -1, notSent: [] } }, /resume of/],
    ['an unknown choice', { keepOutcomes: 'some' }, /keepOutcomes of/],
  ])('%s is refused before anything is taken', async (_, change, message) => {
    const asked = { count: 0 }
    const error = await rejectionOf(sendMany(sender(), numbered(1, asked), unchecked({}, change)))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toMatch(message)
    expect(asked.count).toBe(0)
  })

  test.each([0, 1001, 1.5, Number.NaN])(
    'concurrency: %s is refused before anything is taken',
    async (concurrency) => {
      const asked = { count: 0 }
      await expect(
        rejectionOf(sendMany(sender(), numbered(1, asked), { concurrency })),
      ).resolves.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        argument: 'concurrency',
      })
      expect(asked.count).toBe(0)
    },
  )

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['text', 'hello'],
    ['one message', { to: 'bob', payload: 'hi' }],
    ['a function', numbered],
  ])('a source that is %s is refused', async (_, source) => {
    const sending: unknown = Reflect.apply(sendMany, undefined, [sender(), source, {}])
    await expect(sending).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      argument: 'source',
      message: matching(/an array, or a generator/),
    })
  })
})

test.each<[Partial<CallAttempt>, boolean]>([
  [{ failure: 'ERR_CONNECTION_REFUSED', requestStarted: false }, false],
  [{ failure: 'ERR_TIMEOUT', requestStarted: false }, false],
  [{ failure: 'ERR_ABORTED', requestStarted: false }, false],
  [{ failure: 'ERR_CONNECTION_RESET', requestStarted: false }, false],
  [{ failure: 'ERR_CONNECTION_RESET' }, true],
  [{ failure: 'ERR_TIMEOUT' }, true],
  [{ failure: 'ERR_ABORTED' }, true],
  [{ status: 429 }, false],
  [{ status: 401 }, false],
  [{ status: 499 }, false],
  [{ status: 500 }, true],
  [{ status: 503 }, true],
  [{ status: 408 }, true],
  [{ status: 200 }, true],
  [{ status: 302 }, true],
])('after an attempt that ended with %j, the message may have been sent: %s', (change, expected) => {
  expect(mayHaveBeenSent([attempt(change)])).toBe(expected)
  expect(
    mayHaveBeenSent([attempt({ status: 429 }), attempt(change), attempt({ requestStarted: false })]),
  ).toBe(expected)
})
