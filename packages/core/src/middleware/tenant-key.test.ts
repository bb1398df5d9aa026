import { Pool } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { basicAuth } from '../auth/basic.js'
import { appCertificate, appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { tenantKey } from './tenant-key.js'

const options = { appId, customerId, customerSecret }

test('is the same for options that say the same, in whatever order', () => {
  expect(tenantKey({ ...options })).toBe(tenantKey(options))
  expect(tenantKey({ customerSecret, customerId, appId })).toBe(tenantKey(options))
})

test.each([
  ['another App ID', { appId: otherAppId }],
  ['another secret of one App ID', { customerSecret: '0'.repeat(32) }],
  ['another certificate', { appCertificate }],
  ['another user', { userId: 'server' }],
  ['another host', { baseUrl: 'https://api-eu-west-1.agora.io' }],
  ['another time limit', { timeoutMs: 1000 }],
  ['another type', { timeoutMs: Number('1000'), userId: '1000' }],
])('is another one for %s', (_, change) => {
  expect(tenantKey({ ...options, ...change })).not.toBe(tenantKey(options))
})

test('no value can pose as another option', () => {
  expect(tenantKey({ appId: 'a', userId: 'b"],["x=string:c' })).not.toBe(
    tenantKey({ appId: 'a', userId: 'b' }),
  )
  expect(tenantKey({ userId: 'a,customerId=string:b' })).not.toBe(tenantKey({ userId: 'a', customerId: 'b' }))
})

test('functions and objects count by identity', () => {
  const [token, other] = [async () => '007', async () => '007']
  expect(tenantKey({ token, userId: 'a' })).toBe(tenantKey({ token, userId: 'a' }))
  expect(tenantKey({ token, userId: 'a' })).not.toBe(tenantKey({ token: other, userId: 'a' }))

  const auth = basicAuth(options)
  expect(tenantKey({ appId, auth })).toBe(tenantKey({ appId, auth }))
  expect(tenantKey({ appId, auth: basicAuth(options) })).not.toBe(tenantKey({ appId, auth }))

  const dispatcher = new Pool('http://127.0.0.1:1')
  onTestFinished(() => dispatcher.close())
  expect(tenantKey({ ...options, dispatcher })).toBe(tenantKey({ ...options, dispatcher }))
  expect(tenantKey({ ...options, dispatcher })).not.toBe(tenantKey(options))
})
