import { Pool } from 'undici'
import { afterAll, expect, test } from 'vitest'
import { basicAuth } from '../auth/basic.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { clientRuntime } from '../runtime.js'
import { appCertificate, appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { tenantKey } from './tenant-key.js'

const options = { appId, customerId, customerSecret }

test('is the same for options that say the same, in whatever order', () => {
  expect(tenantKey({ ...options })).toBe(tenantKey(options))
  expect(tenantKey({ customerSecret, customerId, appId })).toBe(tenantKey(options))
})

const { logger, quotas } = { logger: console, quotas: {} }
const dispatcher = new Pool('http://127.0.0.1:1')
afterAll(() => dispatcher.close())

/** Complete by its type: whoever adds an option has to say here what another value of it is. */
const others: Required<UncheckedClientOptions> = {
  appId: otherAppId,
  customerId: 'other',
  customerSecret: '0'.repeat(32),
  appCertificate,
  userId: 'server',
  token: '007',
  auth: basicAuth(options),
  headerStyle: 'both',
  baseUrl: 'https://api-eu-west-1.agora.io',
  area: 'eu',
  timeoutMs: 1000,
  attemptTimeoutMs: 1000,
  maxAttempts: 1,
  quotas,
  logger,
  logLevel: 'debug',
  dispatcher,
  [clientRuntime]: {},
}

test.each(Reflect.ownKeys(others))('is another one when %o is another', (name) => {
  const value: unknown = Reflect.get(others, name)
  expect(tenantKey({ ...options, [name]: value })).not.toBe(tenantKey(options))
})

test('a number is not the text that looks like it', () => {
  const text: unknown = Reflect.apply(tenantKey, undefined, [{ ...options, timeoutMs: '1000' }])
  expect(tenantKey({ ...options, timeoutMs: 1000 })).not.toBe(text)
})

test('no value can pose as another option', () => {
  expect(tenantKey({ appId: 'a', customerId: 'b' })).not.toBe(tenantKey({ appId: 'a;1:b' }))
  expect(tenantKey({ appId: 'a;', customerId: 'b' })).not.toBe(tenantKey({ appId: 'a', customerId: ';b' }))
  expect(tenantKey({ appId: '#1' })).not.toBe(tenantKey({ appId: undefined, customerId: '#1' }))
})

test('functions and objects count by identity', () => {
  const [token, other] = [async () => '007', async () => '007']
  expect(tenantKey({ token, userId: 'a' })).toBe(tenantKey({ token, userId: 'a' }))
  expect(tenantKey({ token, userId: 'a' })).not.toBe(tenantKey({ token: other, userId: 'a' }))

  const auth = basicAuth(options)
  expect(tenantKey({ appId, auth })).toBe(tenantKey({ appId, auth }))
  expect(tenantKey({ appId, auth: basicAuth(options) })).not.toBe(tenantKey({ appId, auth }))

  expect(tenantKey({ ...options, dispatcher })).toBe(tenantKey({ ...options, dispatcher }))
  expect(tenantKey({ ...options, dispatcher })).not.toBe(tenantKey(options))
})
