import type { LookupFunction } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { loadCredentials } from '../credentials/credentials.js'
import { clientRuntime } from '../runtime.js'
import { appId, customerId, customerSecret } from '../test-support/account.js'
import { useCleanEnvironment } from '../test-support/clean-environment.js'
import { thrownBy } from '../test-support/failures.js'
import { startServer } from '../test-support/local-server.js'
import { createSignalingClient } from './client.js'
import type { SignalingClientOptions } from './options.js'

useCleanEnvironment()

/** A network in which every name is this machine. */
const lookup: LookupFunction = (_, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

const credentials = { appId, customerId, customerSecret }

async function emulatorInContainer(): Promise<string> {
  const server = await startServer((_, response) =>
    response.end('{"result":"success","code":"message_sent"}'),
  )
  return `http://emulator:${server.host.split(':')[1]}`
}

async function send(options: SignalingClientOptions) {
  const client = createSignalingClient({ ...options, [clientRuntime]: { lookup } })
  onTestFinished(() => client.close())
  return client.messages.sendToUser({ from: 'alice', to: 'bob', payload: 'hello' })
}

describe('an emulator in a container of its own is reached by plain http', () => {
  test('when the option names its host', async () => {
    const baseUrl = await emulatorInContainer()
    await expect(send({ ...credentials, baseUrl, insecureHost: 'emulator' })).resolves.toMatchObject({
      status: 'sent',
    })
  })

  test('when the environment names it, with the base URL or beside an option', async () => {
    const baseUrl = await emulatorInContainer()
    vi.stubEnv('AGORA_ALLOW_INSECURE_HOST', 'emulator')
    await expect(send({ ...credentials, baseUrl })).resolves.toMatchObject({ status: 'sent' })
    vi.stubEnv('AGORA_REST_BASE_URL', baseUrl)
    await expect(send(credentials)).resolves.toMatchObject({ status: 'sent' })
  })

  test('when an environment that was loaded by hand names it', async () => {
    const loaded = loadCredentials({
      AGORA_APP_ID: appId,
      AGORA_CUSTOMER_ID: customerId,
      AGORA_CUSTOMER_SECRET: customerSecret,
      AGORA_REST_BASE_URL: await emulatorInContainer(),
      AGORA_ALLOW_INSECURE_HOST: 'emulator',
    })
    await expect(send(loaded)).resolves.toMatchObject({ status: 'sent' })
  })
})

describe('credentials do not travel unencrypted by accident:', () => {
  test.each([
    ['nobody names the host', { baseUrl: 'http://emulator:4010' }, {}],
    ['another host is named', { baseUrl: 'http://emulator:4010', insecureHost: 'other' }, {}],
    ['it is said yes instead', { baseUrl: 'http://emulator:4010' }, { AGORA_ALLOW_INSECURE_HOST: 'true' }],
    ['it is said 1 instead', { baseUrl: 'http://emulator:4010' }, { AGORA_ALLOW_INSECURE_HOST: '1' }],
    [
      'the option overrides the environment',
      { baseUrl: 'http://a', insecureHost: 'b' },
      { AGORA_ALLOW_INSECURE_HOST: 'a' },
    ],
    ['Agora itself is named', { baseUrl: 'http://api.agora.io', insecureHost: 'api.agora.io' }, {}],
  ])('%s', (_, options, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const error = thrownBy(() => createSignalingClient({ ...credentials, ...options }))
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID' })
    expect(error.message).toContain('insecureHost, AGORA_ALLOW_INSECURE_HOST')
  })
})
