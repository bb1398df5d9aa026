import { format, inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { createSignalingClient } from '../client/client.js'
import { thrownBy } from '../test-support/failures.js'
import { loadCredentials } from './credentials.js'

useCleanEnvironment()

const app = { AGORA_APP_ID: appId }
const customer = { AGORA_CUSTOMER_ID: customerId, AGORA_CUSTOMER_SECRET: customerSecret }

describe('loadCredentials', () => {
  test('finds a customer ID and secret', () => {
    expect(loadCredentials({ ...app, ...customer })).toEqual({ appId, customerId, customerSecret })
  })

  test('keeps a certificate beside them, for tokens of front ends', () => {
    const env = { ...app, ...customer, AGORA_APP_CERTIFICATE: appCertificate, AGORA_USER_ID: 'server' }
    expect(loadCredentials(env)).toEqual({
      appId,
      customerId,
      customerSecret,
      appCertificate,
      userId: 'server',
    })
  })

  test('finds a certificate and a user ID', () => {
    const env = { ...app, AGORA_APP_CERTIFICATE: appCertificate, AGORA_USER_ID: 'server' }
    expect(loadCredentials(env)).toEqual({ appId, appCertificate, userId: 'server' })
  })

  test('finds the host to talk to', () => {
    const env = { ...app, ...customer, AGORA_REST_BASE_URL: 'http://127.0.0.1:4010' }
    expect(loadCredentials(env)).toMatchObject({ baseUrl: 'http://127.0.0.1:4010' })
  })

  test('reads process.env when it is called, unless it is given something else', () => {
    vi.stubEnv('AGORA_APP_ID', appId)
    vi.stubEnv('AGORA_CUSTOMER_ID', customerId)
    vi.stubEnv('AGORA_CUSTOMER_SECRET', customerSecret)
    expect(loadCredentials()).toEqual({ appId, customerId, customerSecret })
    expect(thrownBy(() => loadCredentials({})).code).toBe('ERR_CONFIG_MISSING')
  })

  test('gives something that does not print its secrets', () => {
    const credentials = loadCredentials({ ...app, ...customer, AGORA_APP_CERTIFICATE: appCertificate })
    // `console.log` prints what `format` gives.
    for (const shown of [inspect(credentials), format(credentials), JSON.stringify({ credentials })]) {
      expect(shown).toContain(customerId)
      expect(shown).not.toContain(customerSecret)
      expect(shown).not.toContain(appCertificate)
    }
  })
})

describe('what is missing is named, with the console page that shows it', () => {
  test.each([
    ['AGORA_APP_ID', 'Project Management → the project → App ID', customer],
    [
      'AGORA_CUSTOMER_ID',
      'Developer Toolkit → RESTful API',
      { ...app, AGORA_CUSTOMER_SECRET: customerSecret },
    ],
    ['AGORA_CUSTOMER_SECRET', 'Developer Toolkit → RESTful API', { ...app, AGORA_CUSTOMER_KEY: customerId }],
    ['AGORA_USER_ID', 'Choose any name', { ...app, AGORA_APP_CERTIFICATE: appCertificate }],
  ])('%s', (variable, place, env) => {
    const error = thrownBy(() => loadCredentials(env))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_MISSING' })
    expect(error.message).toContain(variable)
    expect(error.message).toContain(place)
    expect(inspect(error)).not.toContain(customerSecret)
    expect(inspect(error)).not.toContain(appCertificate)
  })

  test('without any credentials both ways are named', () => {
    const { message } = thrownBy(() => loadCredentials(app))
    for (const name of [
      'AGORA_CUSTOMER_ID',
      'AGORA_CUSTOMER_SECRET',
      'AGORA_APP_CERTIFICATE',
      'AGORA_USER_ID',
    ]) {
      expect(message).toContain(name)
    }
    expect(message).toContain('Developer Toolkit → RESTful API')
    expect(message).toContain('Primary certificate')
  })
})

describe('what is malformed is named, and not repeated', () => {
  test.each([
    ['AGORA_APP_ID', 'App ID', { ...customer, AGORA_APP_ID: 'canary' }],
    ['AGORA_APP_ID', 'some are not hexadecimal', { ...customer, AGORA_APP_ID: 'canary'.padEnd(32, 'x') }],
    [
      'AGORA_APP_CERTIFICATE',
      'Primary certificate',
      { ...app, AGORA_APP_CERTIFICATE: 'canary', AGORA_USER_ID: 'a' },
    ],
    [
      'AGORA_APP_CERTIFICATE',
      'Primary certificate',
      { ...app, ...customer, AGORA_APP_CERTIFICATE: 'canary' },
    ],
  ])('%s: %s', (variable, words, env) => {
    const error = thrownBy(() => loadCredentials(env))
    const code = variable === 'AGORA_APP_ID' ? 'ERR_INVALID_APP_ID' : 'ERR_INVALID_APP_CERTIFICATE'
    expect(error).toMatchObject({ name: 'AgoraValidationError', code })
    expect(error.message).toContain(variable)
    expect(error.message).toContain(words)
    expect(error.message).toContain('32 hexadecimal characters')
    expect(inspect(error)).not.toContain('canary')
  })
})

describe('one value in two places is a mistake, seen at start-up and not repeated', () => {
  const values = {
    AGORA_APP_ID: '1',
    AGORA_APP_CERTIFICATE: '2',
    AGORA_CUSTOMER_ID: '3',
    AGORA_CUSTOMER_SECRET: '4',
  }
  const names = Object.keys(values)
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const))

  test.each(pairs)('%s and %s', (one, other) => {
    const env = Object.fromEntries(Object.entries(values).map(([name, digit]) => [name, digit.repeat(32)]))
    env[other] = env[one] ?? ''
    for (const attempt of [
      () => loadCredentials(env),
      () =>
        createSignalingClient({
          appId: env['AGORA_APP_ID'],
          appCertificate: env['AGORA_APP_CERTIFICATE'],
          customerId: env['AGORA_CUSTOMER_ID'] ?? '',
          customerSecret: env['AGORA_CUSTOMER_SECRET'] ?? '',
        }),
    ]) {
      const error = thrownBy(attempt)
      expect(error.code).toBe('ERR_CONFIG_CONFLICT')
      expect(error.message).toContain(one)
      expect(error.message).toContain(other)
      expect(inspect(error)).not.toContain(env[one])
    }
  })
})
