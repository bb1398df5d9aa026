import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { having, matching } from '../test-support/matchers.js'
import { endpointOf, onError, post, secret, throwing, toldCodes } from '../test-support/notification-posts.js'
import { unchecked } from '../test-support/unchecked.js'
import type { HttpAnswer } from './http-answer.js'
import { createNotificationEndpoint } from './notification-endpoint.js'

useCleanEnvironment()
beforeEach(() => {
  onError.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('who is told', () => {
  const logger = {
    warn: vi.fn<(message: string) => void>(),
    error: vi.fn<(message: string, details?: object) => void>(),
  }
  beforeEach(() => {
    logger.warn.mockReset()
    logger.error.mockReset()
  })

  test('a hundred unsigned requests are told in two lines: the first at once, then how many followed', async () => {
    vi.useFakeTimers()
    const endpoint = endpointOf({ onError: undefined })
    const attack = (): Promise<HttpAnswer> => post(endpoint, { secret: 'guessed' }, { logger })
    for (let count = 0; count < 100; count++) expect(await attack()).toMatchObject({ status: 401 })
    expect(logger.warn).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(9999)
    expect(logger.warn).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(logger.warn.mock.calls.map(([line]) => line)).toEqual([
      matching(/^Agora notification: The signature .*$/),
      matching(/^Agora notification: 99 more requests were refused in the last 10 s\. .*$/),
    ])
    await attack()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(String(logger.warn.mock.calls[2])).toContain('1 more request was refused')
    await vi.advanceTimersByTimeAsync(10_000)
    await attack()
    expect(String(logger.warn.mock.calls[3])).not.toContain('more')
    expect(logger.error).not.toHaveBeenCalled()
  })

  test('onError is called no more often for them', async () => {
    vi.useFakeTimers()
    const endpoint = endpointOf()
    for (let count = 0; count < 100; count++) await post(endpoint, { secret: 'guessed' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_SIGNATURE', 'ERR_WEBHOOK_SIGNATURE'])
  })

  test('what a stranger does hides no other kind of refusal, and nothing that Agora signed', async () => {
    const endpoint = endpointOf({ onNotification: () => Promise.reject(new Error('no')) })
    for (let count = 0; count < 10; count++) await post(endpoint, { secret: 'guessed' })
    await post(endpoint, {}, { readRawBody: () => Promise.reject(new Error('aborted')) })
    await post(endpoint)
    await post(endpoint)
    expect(toldCodes()).toEqual([
      'ERR_WEBHOOK_SIGNATURE',
      'ERR_WEBHOOK_PAYLOAD',
      'ERR_WEBHOOK_HANDLER',
      'ERR_WEBHOOK_HANDLER',
    ])
  })

  test('the logger of the host gets what failed, with the reason, where there is no onError', async () => {
    const cause = new Error('queue full')
    const endpoint = endpointOf({ onError: undefined, onNotification: () => Promise.reject(cause) })
    await post(endpoint, {}, { logger })
    expect(logger.error.mock.calls).toEqual([
      [matching(/onNotification failed/), { error: having({ cause }) }],
    ])
    expect(logger.warn).not.toHaveBeenCalled()
  })

  test('without one it is the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const endpoint = endpointOf({ onError: undefined, onNotification: () => Promise.reject(new Error('no')) })
    await post(endpoint, { secret: 'guessed' })
    await post(endpoint)
    expect([warn.mock.calls.length, error.mock.calls.length]).toEqual([1, 1])
    vi.restoreAllMocks()
  })

  test.each<[string, () => unknown]>([
    ['throws', throwing(new Error('listener'))],
    ['throws undefined', throwing(undefined)],
    ['is an async function that fails', () => Promise.reject(new Error('listener'))],
  ])('an onError that %s breaks no answer, and is told of', async (_, listener) => {
    const endpoint = createNotificationEndpoint(
      unchecked({ secret, onNotification: () => Promise.reject(new Error('no')) }, { onError: listener }),
    )
    expect(await post(endpoint, { secret: 'guessed' }, { logger })).toMatchObject({ status: 401 })
    expect(await post(endpoint, {}, { logger })).toMatchObject({ status: 500 })
    await nextTurn()
    expect(logger.error.mock.calls.map(([message]) => message)).toEqual([
      matching(/^onError of notificationRoute\(\) failed\. It was told: .*signature/),
      matching(/^onError of notificationRoute\(\) failed\. It was told: .*onNotification failed/),
    ])
  })

  test('a logger that throws breaks no answer either', async () => {
    const fail = throwing(new Error('disk full'))
    const endpoint = endpointOf({ onError: undefined, onNotification: () => Promise.reject(new Error('no')) })
    const broken = { logger: { warn: fail, error: fail } }
    expect(await post(endpoint, { secret: 'guessed' }, broken)).toMatchObject({ status: 401 })
    expect(await post(endpoint, {}, broken)).toMatchObject({ status: 500 })
  })

  test('no line holds the secret, a signature or the body', async () => {
    const endpoint = endpointOf({ onError: undefined, onNotification: () => Promise.reject(new Error('no')) })
    await post(endpoint, { secret: 'guessed', payload: { text: 'canary' } }, { logger })
    await post(endpoint, { payload: { text: 'canary' } }, { logger })
    expect(JSON.stringify([logger.warn.mock.calls, logger.error.mock.calls])).not.toMatch(
      /canary|webhook-secret|[0-9a-f]{40}/,
    )
  })
})
