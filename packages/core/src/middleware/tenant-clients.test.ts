import { Pool } from 'undici'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { basicAuth } from '../auth/basic.js'
import type { SignalingClient } from '../client/client.js'
import type { UncheckedClientOptions } from '../client/options.js'
import { clientRuntime } from '../runtime.js'
import { appCertificate, appId, customerId, customerSecret, otherAppId } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { TenantClients } from './tenant-clients.js'

useCleanEnvironment()

const options = { appId, customerId, customerSecret }

function open(): (wanted: UncheckedClientOptions) => SignalingClient {
  const clients = new TenantClients()
  onTestFinished(() => clients.close())
  return (wanted) => clients.clientOf(wanted)
}

test('options that say the same have one client, in whatever order, built anew or not', () => {
  const clientOf = open()
  const client = clientOf(options)
  expect(clientOf(options)).toBe(client)
  expect(clientOf({ ...options })).toBe(client)
  expect(clientOf({ customerSecret, customerId, appId })).toBe(client)
  expect(clientOf({ ...options, userId: undefined, timeoutMs: undefined })).toBe(client)
})

const dispatcher = new Pool('http://127.0.0.1:1')
afterAll(() => dispatcher.close())

/** Complete by its type: whoever adds an option has to say here what another value of it is. */
const others: Required<Omit<UncheckedClientOptions, 'auth' | 'token'>> = {
  appId: otherAppId,
  customerId: 'other',
  customerSecret: '0'.repeat(32),
  appCertificate,
  userId: 'server',
  headerStyle: 'both',
  baseUrl: 'https://api-eu-west-1.agora.io',
  insecureHost: 'emulator',
  area: 'eu',
  timeoutMs: 1000,
  attemptTimeoutMs: 1000,
  maxAttempts: 1,
  quotas: {},
  logger: console,
  logLevel: 'debug',
  dispatcher,
  [clientRuntime]: {},
}

test.each(Reflect.ownKeys(others))('another %o has another client', (name) => {
  const clientOf = open()
  const client = clientOf(options)
  const value: unknown = Reflect.get(others, name)
  const other = clientOf({ ...options, [name]: value })
  expect(other).not.toBe(client)
  expect(clientOf({ ...options, [name]: value })).toBe(other)
  expect(clientOf(options)).toBe(client)
})

test('functions and objects count by identity', () => {
  const clientOf = open()
  const [token, other] = [async () => '007', async () => '007']
  const supplied = clientOf({ appId, token, userId: 'a' })
  expect(clientOf({ appId, token, userId: 'a' })).toBe(supplied)
  expect(clientOf({ appId, token: other, userId: 'a' })).not.toBe(supplied)

  const auth = basicAuth({ customerId, customerSecret })
  expect(clientOf({ appId, auth })).toBe(clientOf({ appId, auth }))
  expect(clientOf({ appId, auth: basicAuth({ customerId, customerSecret }) })).not.toBe(
    clientOf({ appId, auth }),
  )
})

test('options that somebody changes are other options', () => {
  const clientOf = open()
  const changing = { ...options }
  const client = clientOf(changing)
  changing.customerSecret = '0'.repeat(32)
  expect(clientOf(changing)).not.toBe(client)
  expect(clientOf(options)).toBe(client)
})

test('of one App ID and user, the ten sets of options that were new last are kept', () => {
  const clientOf = open()
  const withSecret = (index: number): SignalingClient =>
    clientOf({ ...options, customerSecret: String(index).repeat(32) })
  const clients = Array.from({ length: 10 }, (_, index) => withSecret(index))
  expect(clients.every((client, index) => withSecret(index) === client)).toBe(true)
  clientOf(options)
  expect(withSecret(9)).toBe(clients[9])
  expect(withSecret(0)).not.toBe(clients[0])
})
