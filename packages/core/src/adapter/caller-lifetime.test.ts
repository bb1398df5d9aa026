import { once } from 'node:events'
import { request } from 'node:http'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { deferred } from '../test-support/deferred.js'
import { startServer } from '../test-support/local-server.js'
import { matching } from '../test-support/matchers.js'
import { callerLifetime } from './caller-lifetime.js'

interface Visit {
  readonly response: ServerResponse
  readonly leave: () => void
  readonly left: Promise<unknown>
  readonly answered: Promise<unknown>
}

/** A caller who has asked and waits. */
async function visit(): Promise<Visit> {
  const arrived = deferred<ServerResponse>()
  const { url } = await startServer((_, response) => arrived.resolve(response))
  const caller = request(url).on('error', () => undefined)
  onTestFinished(() => void caller.destroy())
  const answered = deferred<unknown>()
  caller.on('response', (answer) => answer.resume().on('end', answered.resolve))
  caller.end()
  const response = await arrived.promise
  return {
    response,
    leave: () => void caller.destroy(),
    left: once(response, 'close'),
    answered: answered.promise,
  }
}

test('a caller who leaves ends the work that is done for them, with a reason', async () => {
  const { response, leave, left } = await visit()
  const signal = callerLifetime(response)()
  expect(signal.aborted).toBe(false)
  leave()
  await left
  expect(signal.aborted).toBe(true)
  expect(signal.reason).toMatchObject({ message: matching(/caller closed the connection/) })
})

test('work that begins when the caller has left already is ended at once', async () => {
  const { response, leave, left } = await visit()
  const lifetime = callerLifetime(response)
  leave()
  await left
  expect(lifetime().aborted).toBe(true)
})

test('work that goes on after the answer is not ended by the end of the connection', async () => {
  const { response, leave, left, answered } = await visit()
  const before = callerLifetime(response)()
  response.end('done')
  await answered
  leave()
  await left
  expect(before.aborted).toBe(false)
  expect(callerLifetime(response)().aborted).toBe(false)
})

test('an answer that is cut off in the middle was none', async () => {
  const { response, leave, left } = await visit()
  const signal = callerLifetime(response)()
  response.write('half of ')
  leave()
  await left
  expect(signal.aborted).toBe(true)
})

test('all calls of a request share one signal, and listen to its end once', async () => {
  const { response } = await visit()
  const listeners = response.listenerCount('close')
  const lifetime = callerLifetime(response)
  expect(response.listenerCount('close')).toBe(listeners)
  expect(lifetime()).toBe(lifetime())
  expect(response.listenerCount('close')).toBe(listeners + 1)
})
