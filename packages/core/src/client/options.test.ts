import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { buildSignalingToken } from '../access-token/build.js'
import { accessToken2Auth } from '../auth/access-token2.js'
import { basicAuth } from '../auth/basic.js'
import { basicAuthHeaders } from '../auth/headers.js'
import { loadCredentials } from '../credentials/credentials.js'
import {
  appCertificate,
  appId,
  basicHeader,
  customerId,
  customerSecret,
  otherAppId,
} from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { rejectionOf, thrownBy } from '../test-support/failures.js'
import { mockAgora } from '../test-support/mock-agora.js'
import { unchecked } from '../test-support/unchecked.js'
import { createSignalingClient } from './client.js'
import type { SignalingClientOptions } from './options.js'

useCleanEnvironment()

const customer = { customerId, customerSecret }
const environment = {
  app: { AGORA_APP_ID: appId },
  customer: { AGORA_CUSTOMER_ID: customerId, AGORA_CUSTOMER_SECRET: customerSecret },
  certificate: { AGORA_APP_CERTIFICATE: appCertificate, AGORA_USER_ID: 'server' },
}

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}

/** The Authorization header of a call of a client with these options. */
async function authorizationOf(options?: SignalingClientOptions): Promise<string> {
  const agora = mockAgora()
  agora.answers({ body: { events: [] } })
  const { dispatcher } = agora
  await createSignalingClient({ ...options, dispatcher }).events.pullUserEvents()
  return agora.requests[0]?.headers['authorization'] ?? ''
}

/** Options for the App ID of the tests that TypeScript refuses. */
function refused(options: object): SignalingClientOptions {
  return unchecked<SignalingClientOptions>({ appId }, options)
}

describe('from the environment alone', () => {
  test('a customer ID and secret make a client with Basic', async () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    expect(await authorizationOf()).toBe(basicHeader)
    expect(createSignalingClient()).toMatchObject({ appId, userId: undefined })
  })

  test('a certificate and a user ID make a client with tokens', async () => {
    setEnvironment({ ...environment.app, ...environment.certificate })
    expect(await authorizationOf()).toMatch(/^agora token=007/)
    expect(createSignalingClient()).toMatchObject({ appId, userId: 'server' })
  })

  test('with both, Basic authenticates and the certificate serves issueToken', async () => {
    setEnvironment({ ...environment.app, ...environment.customer, ...environment.certificate })
    expect(await authorizationOf()).toBe(basicHeader)
    expect(createSignalingClient().userId).toBe('server')
    expect(createSignalingClient().issueToken({ userId: 'alice' }).token).toMatch(/^007/)
  })

  test('it is read when the client is made, not when the module is loaded', () => {
    expect(thrownBy(() => createSignalingClient()).code).toBe('ERR_CONFIG_MISSING')
    setEnvironment({ ...environment.app, ...environment.customer })
    expect(createSignalingClient().appId).toBe(appId)
  })

  test('what is missing is named at start-up', () => {
    expect(thrownBy(() => createSignalingClient()).message).toContain('AGORA_APP_ID')
    setEnvironment(environment.app)
    expect(thrownBy(() => createSignalingClient()).message).toContain('AGORA_CUSTOMER_ID')
    setEnvironment({ AGORA_APP_CERTIFICATE: appCertificate })
    expect(thrownBy(() => createSignalingClient()).message).toContain('AGORA_USER_ID')
  })

  test('AGORA_REST_BASE_URL names the host', async () => {
    setEnvironment({ ...environment.app, ...environment.customer, AGORA_REST_BASE_URL: 'http://127.0.0.1:1' })
    const error = await rejectionOf(createSignalingClient({ maxAttempts: 1 }).projects.list())
    expect(error).toMatchObject({ attempts: [{ host: '127.0.0.1:1' }] })
  })

  test.each(['..', 'a/b', 'sérver'])('AGORA_USER_ID=%s is refused by that name', (userId) => {
    setEnvironment({ ...environment.app, ...environment.certificate, AGORA_USER_ID: userId })
    const error = thrownBy(() => createSignalingClient())
    expect(error.code).toBe('ERR_INVALID_USER_ID')
    expect(error.message).toMatch(/^AGORA_USER_ID /)
  })

  test('what loadCredentials finds can be handed over', async () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    expect(await authorizationOf(loadCredentials())).toBe(basicHeader)
    const credentials = loadCredentials({ ...environment.app, ...environment.certificate })
    expect(await authorizationOf(credentials)).toMatch(/^agora token=007/)
    expect(await authorizationOf({ ...credentials, timeoutMs: 1000 })).toMatch(/^agora token=007/)
  })
})

describe('explicit options beat the environment as a whole', () => {
  const otherCustomer = { AGORA_CUSTOMER_ID: 'env-id', AGORA_CUSTOMER_SECRET: 'env-secret' }

  test('a customer ID and secret', async () => {
    setEnvironment({ ...environment.app, ...otherCustomer })
    expect(await authorizationOf(customer)).toBe(basicHeader)
  })

  test('a certificate, although the environment has a customer ID and secret', async () => {
    setEnvironment({ ...environment.app, ...otherCustomer })
    expect(await authorizationOf({ appCertificate, userId: 'server' })).toMatch(/^agora token=007/)
  })

  test('a token, although the environment has a customer ID and secret', async () => {
    setEnvironment({ ...environment.app, ...otherCustomer })
    const token = buildSignalingToken({ appId, appCertificate, userId: 'server', ttlSeconds: 60 })
    expect(await authorizationOf({ token, userId: 'server' })).toBe(`agora token=${token}`)
  })

  test('a strategy', async () => {
    setEnvironment({ ...environment.app, ...otherCustomer })
    const auth = accessToken2Auth({ appId, appCertificate, userId: 'server' })
    expect(await authorizationOf({ auth })).toMatch(/^agora token=007/)
  })

  test('an App ID', () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    expect(createSignalingClient({ appId: otherAppId }).appId).toBe(otherAppId)
  })

  test('half a pair is not completed by the environment', () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    const error = thrownBy(() => createSignalingClient(refused({ customerId })))
    expect(error.code).toBe('ERR_CONFIG_MISSING')
    expect(error.message).toContain('customerSecret, AGORA_CUSTOMER_SECRET')
  })

  test('options that are undefined are not there', async () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    const none = {
      customerId: undefined,
      customerSecret: undefined,
      token: undefined,
      appCertificate: undefined,
    }
    expect(await authorizationOf(refused(none))).toBe(basicHeader)
  })

  test('an empty option is a mistake and not absent', () => {
    setEnvironment({ ...environment.app, ...environment.customer })
    expect(thrownBy(() => createSignalingClient({ customerId: '', customerSecret: '' })).code).toBe(
      'ERR_CONFIG_MISSING',
    )
    expect(thrownBy(() => createSignalingClient({ token: '', userId: 'server' })).code).toBe(
      'ERR_INVALID_TOKEN',
    )
    expect(thrownBy(() => createSignalingClient({ userId: '' })).code).toBe('ERR_INVALID_USER_ID')
    expect(thrownBy(() => createSignalingClient({ appCertificate: '', userId: 'a' })).code).toBe(
      'ERR_INVALID_APP_CERTIFICATE',
    )
  })

  test('what the environment says wrongly about them does not matter', async () => {
    setEnvironment({
      AGORA_APP_ID: 'malformed',
      AGORA_CREDENTIALS_FILE: '/nowhere',
      AGORA_CUSTOMER_ID: 'one',
      AGORA_CUSTOMER_KEY: 'another',
      AGORA_REST_BASE_URL: 'malformed',
    })
    const options = { appId, ...customer, appCertificate, baseUrl: 'https://api.agora.io' }
    expect(createSignalingClient(options).appId).toBe(appId)
  })
})

describe('what belongs to explicit credentials comes from the environment', () => {
  test('the certificate for issueToken', () => {
    setEnvironment({ ...environment.app, AGORA_APP_CERTIFICATE: appCertificate })
    expect(createSignalingClient(customer).issueToken({ userId: 'alice' }).appId).toBe(appId)
  })

  test('but not for another App ID: a certificate belongs to one', () => {
    setEnvironment({ ...environment.app, ...environment.certificate })
    const client = createSignalingClient({ appId: otherAppId, ...customer })
    expect(thrownBy(() => client.issueToken({ userId: 'alice' })).code).toBe('ERR_CONFIG_MISSING')
    const error = thrownBy(() => createSignalingClient({ appId: otherAppId }))
    expect(error.code).toBe('ERR_CONFIG_MISSING')
    expect(error.message).toContain('AGORA_APP_CERTIFICATE counts for the App ID in AGORA_APP_ID only')
  })

  test.each([
    ['a customer ID and secret', customer],
    ['a strategy with Basic', { auth: basicAuth(customer) }],
  ])('the default sender beside %s', (_, credentials) => {
    setEnvironment({ AGORA_USER_ID: 'server' })
    expect(createSignalingClient({ appId, ...credentials }).userId).toBe('server')
  })

  test('a strategy with a user of its own keeps it', () => {
    setEnvironment({ AGORA_USER_ID: 'server' })
    const auth = accessToken2Auth({ appId, appCertificate, userId: 'own' })
    expect(createSignalingClient({ appId, auth }).userId).toBe('own')
  })

  test('the user of a certificate', () => {
    setEnvironment({ AGORA_USER_ID: 'server' })
    expect(createSignalingClient(refused({ appCertificate })).userId).toBe('server')
  })
})

describe('two ways to authenticate are refused in one sentence that names both', () => {
  const auth = basicAuth(customer)

  test.each([
    ['auth', 'token', { auth, token: 'canary', userId: 'server' }],
    ['auth', 'the pair customerId and customerSecret', { auth, ...customer }],
    ['token', 'the pair customerId and customerSecret', { token: 'canary', userId: 'server', ...customer }],
    ['token', 'appCertificate', { token: 'canary', userId: 'server', appCertificate }],
  ])('%s and %s', (first, second, options) => {
    const error = thrownBy(() => createSignalingClient(refused(options)))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_CONFLICT' })
    expect(error.message).toContain(`Both ${first} and ${second} are given`)
    expect(error.message.match(/\.( |$)/g)).toHaveLength(1)
    expect(inspect(error)).not.toContain('canary')
  })

  test('a certificate beside Basic is no second way', () => {
    expect(createSignalingClient({ appId, ...customer, appCertificate }).userId).toBeUndefined()
    expect(createSignalingClient({ appId, auth, appCertificate }).userId).toBeUndefined()
  })
})

describe('malformed options are refused when the client is made', () => {
  test.each<readonly [string, RegExp, object]>([
    ['ERR_INVALID_APP_ID', /appId, AGORA_APP_ID.*6 characters/, { ...customer, appId: 'canary' }],
    ['ERR_INVALID_APP_ID', /^appId of createSignalingClient\(\) must be text/, { ...customer, appId: 7 }],
    [
      'ERR_INVALID_APP_CERTIFICATE',
      /appCertificate, AGORA_APP_CERTIFICATE/,
      { ...customer, appCertificate: 'canary' },
    ],
    ['ERR_INVALID_CREDENTIAL', /customerId/, { customerId: 'canary:canary', customerSecret }],
    ['ERR_INVALID_CREDENTIAL', /customerSecret/, { customerId, customerSecret: 'canary\n' }],
    ['ERR_INVALID_TOKEN', /token/, { token: 'canary\r\n', userId: 'server' }],
    ['ERR_CONFIG_MISSING', /userId, AGORA_USER_ID/, { token: '007' }],
    ['ERR_INVALID_USER_ID', /^userId /, { ...customer, userId: 'a/b' }],
    ['ERR_INVALID_USER_ID', /^userId /, { appCertificate, userId: '..' }],
    ['ERR_INVALID_USER_ID', /^userId /, { auth: accessToken2Auth({ appId, appCertificate, userId: '..' }) }],
    ['ERR_CONFIG_INVALID', /^headerStyle /, { appCertificate, userId: 'server', headerStyle: 'bearer' }],
    ['ERR_CONFIG_INVALID', /baseUrl, AGORA_REST_BASE_URL/, { ...customer, baseUrl: 'http://agora.example' }],
    ...[0, -5, Number.NaN, Infinity, 2 ** 31, '1000'].map(
      (timeoutMs) => ['ERR_CONFIG_INVALID', /^timeoutMs /, { ...customer, timeoutMs }] as const,
    ),
  ])('%s %s', (code, words, options) => {
    const error = thrownBy(() => createSignalingClient(refused(options)))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(inspect(error)).not.toContain('canary')
  })
})

test('the secret of Basic may hold any character that can stand in it', async () => {
  const credentials = { customerId: 'clé', customerSecret: 'mot de passe: œuf' }
  expect(await authorizationOf({ appId, ...credentials })).toBe(basicAuthHeaders(credentials).authorization)
})
