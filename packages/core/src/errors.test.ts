import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  AgoraAbortError,
  AgoraApiError,
  AgoraCallError,
  AgoraConfigError,
  AgoraConnectionError,
  AgoraError,
  AgoraQuotaError,
  AgoraTimeoutError,
  AgoraTokenError,
  AgoraValidationError,
  AgoraWebhookError,
  isAgoraError,
} from './errors.js'

const call = {
  method: 'GET',
  path: '/dev/v1/projects',
  attempts: [{ host: 'api.agora.io', status: 401, requestStarted: true, durationMs: 12, waitedMs: 0 }],
}
const cause = new Error('the cause')

const errors = [
  new AgoraConfigError('ERR_CONFIG_MISSING', 'config', { cause }),
  new AgoraValidationError('ERR_INVALID_USER_ID', 'to', 'validation', { cause }),
  new AgoraTokenError('ERR_TOKEN_EXPIRED', 'token', { cause }),
  new AgoraApiError('ERR_UNAUTHORIZED', 'api', { ...call, upstreamStatus: 401, cause }),
  new AgoraConnectionError('ERR_DNS', 'connection', { ...call, cause }),
  new AgoraTimeoutError('timeout', { ...call, cause }),
  new AgoraAbortError('abort', { ...call, cause }),
  new AgoraQuotaError('ERR_QUOTA_LIMITER', 'quota', { ...call, retryAfterMs: 1, cause }),
  new AgoraWebhookError('ERR_WEBHOOK_SIGNATURE', 'webhook', { cause }),
]

describe.each(errors.map((error) => [error.name, error] as const))('%s', (name, error) => {
  test('is recognised, by class and by brand', () => {
    expect(error).toBeInstanceOf(AgoraError)
    expect(isAgoraError(error)).toBe(true)
  })

  test('is named after its class, in its stack and in the console too', () => {
    expect(name).toBe(error.constructor.name)
    expect(error.stack).toMatch(new RegExp(`^${name}: ${error.message}\n`))
    expect(inspect(error)).toContain(`${name}: ${error.message}`)
  })

  test('keeps its name where a bundler shortens the names of classes', () => {
    const { constructor } = error
    Object.defineProperty(constructor, 'name', { value: 'G', configurable: true })
    onTestFinished(() => void Object.defineProperty(constructor, 'name', { value: name, configurable: true }))
    expect(error.name).toBe(name)
    expect(String(error)).toMatch(new RegExp(`^${name}: `))
    expect(error.toJSON()['name']).toBe(name)
  })

  test('keeps its cause', () => {
    expect(error.cause).toBe(cause)
  })

  test('has no status that a framework would pass on', () => {
    for (const property of ['status', 'statusCode', 'headers', 'expose'])
      expect(error).not.toHaveProperty(property)
  })

  test('turns into JSON with name, message and code, and without cause and stack', () => {
    const json: unknown = JSON.parse(JSON.stringify(error))
    expect(json).toMatchObject({ name, message: error.message, code: error.code })
    expect(json).not.toHaveProperty('cause')
    expect(json).not.toHaveProperty('stack')
  })
})

test('an error of a call says which call, and how each attempt went', () => {
  const error = new AgoraConnectionError('ERR_TLS', 'no', call)
  expect(error).toBeInstanceOf(AgoraCallError)
  expect(error).toMatchObject(call)
})

test('an API error as JSON holds all that was said about the call', () => {
  const error = new AgoraApiError('ERR_RATE_LIMITED', 'Slow down.', {
    ...call,
    upstreamStatus: 429,
    requestId: '10116762670167749259',
    retryAfterMs: 1500,
    hint: 'Spread the calls.',
  })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'AgoraApiError',
    message: 'Slow down.',
    code: 'ERR_RATE_LIMITED',
    ...call,
    upstreamStatus: 429,
    requestId: '10116762670167749259',
    retryAfterMs: 1500,
    hint: 'Spread the calls.',
  })
})

test('what an API error has nothing to say about is absent', () => {
  const error = new AgoraApiError('ERR_FORBIDDEN', 'no', {
    ...call,
    upstreamStatus: 403,
    requestId: undefined,
  })
  expect('requestId' in error).toBe(false)
  expect('retryAfterMs' in error).toBe(false)
  expect('hint' in error).toBe(false)
})

test('a validation error names the argument', () => {
  expect(new AgoraValidationError('ERR_INVALID_PAYLOAD', 'payload', 'no').argument).toBe('payload')
})

test('isAgoraError knows the errors of a second copy of this package', async () => {
  vi.resetModules()
  const secondCopy = await import('./errors.js')
  const error = new secondCopy.AgoraConfigError('ERR_CLIENT_CLOSED', 'closed')
  expect(error).not.toBeInstanceOf(AgoraError)
  expect(isAgoraError(error)).toBe(true)
})

test.each([
  undefined,
  null,
  'ERR_DNS',
  42,
  new Error('other'),
  { code: 'ERR_DNS', name: 'AgoraConnectionError' },
])('isAgoraError refuses what only looks like one: %o', (value) => {
  expect(isAgoraError(value)).toBe(false)
})
