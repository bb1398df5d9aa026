import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AgoraNotification } from '../notifications/verify.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { thrownBy } from '../test-support/failures.js'
import { having, matching } from '../test-support/matchers.js'
import {
  done,
  endpointOf,
  onError,
  post,
  secret,
  throwing,
  toldCodes,
} from '../test-support/notification-posts.js'
import type { Endpoint } from '../test-support/notification-posts.js'
import { unchecked } from '../test-support/unchecked.js'
import { createNotificationEndpoint } from './notification-endpoint.js'

useCleanEnvironment()
beforeEach(() => {
  onError.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a notification', () => {
  test('is handled once, whatever else a resend of it says', async () => {
    const handled: AgoraNotification[] = []
    const endpoint = endpointOf({ onNotification: (notification) => void handled.push(notification) })
    for (const notifyMs of [1, 2, 3]) expect(await post(endpoint, { notifyMs })).toEqual(done)
    expect(handled).toMatchObject([{ noticeId: 'same', notifyMs: 1 }])
    expect(onError).not.toHaveBeenCalled()
  })

  test('of another product is another, though its noticeId is the same', async () => {
    const onNotification = vi.fn<() => void>()
    const endpoint = endpointOf({ onNotification })
    await post(endpoint, { productId: 1 })
    await post(endpoint, { productId: 3 })
    expect(onNotification).toHaveBeenCalledTimes(2)
  })

  test('is the same when your key says so', async () => {
    const onNotification = vi.fn<() => void>()
    const endpoint = endpointOf({ onNotification, key: ({ eventType }) => String(eventType) })
    await post(endpoint, { noticeId: 'first' })
    await post(endpoint, { noticeId: 'second' })
    expect(onNotification).toHaveBeenCalledTimes(1)
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a promise', Promise.resolve('key')],
    ['a number', 7],
  ])('whose key is %s is not handled, and not lost among the others: 500', async (_, key) => {
    const onNotification = vi.fn<() => void>()
    const endpoint = createNotificationEndpoint(
      unchecked({ secret, onNotification, onError }, { key: () => key }),
    )
    expect(await post(endpoint)).toMatchObject({ status: 500 })
    expect(onNotification).not.toHaveBeenCalled()
    expect(toldCodes()).toEqual(['ERR_CONFIG_INVALID'])
  })

  test('whose handler fails is answered with 500, and handled again', async () => {
    const failure = new Error('queue full')
    const outcomes = [() => Promise.reject(failure), () => Promise.resolve()]
    const endpoint = endpointOf({ onNotification: () => outcomes.shift()?.() })
    expect(await post(endpoint)).toMatchObject({ status: 500, body: { code: 'ERR_WEBHOOK_HANDLER' } })
    expect(onError.mock.calls).toEqual([[having({ code: 'ERR_WEBHOOK_HANDLER', cause: failure })]])
    expect(await post(endpoint)).toEqual(done)
    expect(outcomes).toEqual([])
  })

  test.each<[string, () => never]>([
    ['undefined', throwing(undefined)],
    ['null', throwing(null)],
    ['at once', throwing(new Error('no'))],
  ])('whose handler throws %s is answered with 500', async (_, onNotification) => {
    expect(await post(endpointOf({ onNotification }))).toMatchObject({ status: 500 })
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_HANDLER'])
  })

  test('of the console’s "Check" button goes to onTestEvent alone', async () => {
    const [onNotification, onTestEvent] = [vi.fn<() => void>(), vi.fn<(event: AgoraNotification) => void>()]
    const check = { payload: { channelName: 'test_webhook' } }
    expect(await post(endpointOf({ onNotification, onTestEvent }), check)).toEqual(done)
    expect(await post(endpointOf({ onNotification }), check)).toEqual(done)
    expect(onNotification).not.toHaveBeenCalled()
    expect(onTestEvent).toHaveBeenCalledTimes(1)
  })

  test('that is not signed with the secret is 401, and not handled', async () => {
    const onNotification = vi.fn<() => void>()
    expect(await post(endpointOf({ onNotification }), { secret: 'guessed' })).toMatchObject({
      status: 401,
      body: { code: 'ERR_WEBHOOK_SIGNATURE' },
    })
    expect(onNotification).not.toHaveBeenCalled()
  })

  test('whose body breaks off is 400, and told', async () => {
    const broken = { readRawBody: () => Promise.reject(new Error('aborted')) }
    expect(await post(endpointOf(), {}, broken)).toMatchObject({ status: 400 })
    expect(toldCodes()).toEqual(['ERR_WEBHOOK_PAYLOAD'])
  })

  test('is only taken by POST', async () => {
    expect(await post(endpointOf(), {}, { method: 'GET' })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
  })
})

const start = (): Endpoint => createNotificationEndpoint({ onNotification: () => undefined })

describe('the options', () => {
  test.each<[string, object, RegExp]>([
    [
      'a name that is misspelt',
      { onNotificaton: () => undefined },
      /no option "onNotificaton"\. Did you mean onNotification\?/,
    ],
    ['a name of another case', { onerror: () => undefined }, /Did you mean onError\?/],
    [
      'a handler that is none',
      { onNotification: {} },
      /onNotification of notificationRoute\(\) must be a function/,
    ],
    ['no handler', { onNotification: undefined }, /onNotification of notificationRoute\(\) is missing/],
    ['a listener that is none', { onError: console }, /onError of notificationRoute/],
    ['onTestEvent: true', { onTestEvent: true }, /onTestEvent of/],
    ['a store of another kind', { store: new Map() }, /store of .* claim, settle and release/],
    [
      'the store of an earlier version',
      { store: { add: () => true, delete: () => undefined } },
      /claim, settle and release/,
    ],
    ['a key that is a name', { key: 'noticeId' }, /key of notificationRoute\(\) must be a function/],
    ['"true" for true', { allowSha1: 'true' }, /allowSha1 of/],
    ['a time that is text', { timeoutMs: '8000' }, /timeoutMs of .*milliseconds, from 1 to 60,000/],
    ['no time at all', { timeoutMs: 0 }, /timeoutMs of/],
    ['a secret that is no text', { secret: 42 }, /secret of/],
  ])('%s stops the start', (_, change, message) => {
    const error = thrownBy(() =>
      createNotificationEndpoint(unchecked({ secret, onNotification: () => undefined }, change)),
    )
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toMatch(message)
  })

  test('without a secret the start stops, and the variable is named; it may be set there', () => {
    expect(thrownBy(start)).toMatchObject({
      code: 'ERR_CONFIG_MISSING',
      message: matching(/AGORA_WEBHOOK_SECRET/),
    })
    vi.stubEnv('AGORA_WEBHOOK_SECRET', secret)
    expect(start).not.toThrow()
  })
})
