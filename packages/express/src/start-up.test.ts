import { afterEach, describe, expect, test, vi } from 'vitest'
import { agoraSignaling } from './index.js'
import { stubEnvironment } from './lobby.test.support.js'
import { matching } from './site.test.support.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

const hex = '0123456789abcdef0123456789abcdef'
const pair = { AGORA_CUSTOMER_ID: 'customer', AGORA_CUSTOMER_SECRET: 'canary-secret' }

/** The code and message of what `agoraSignaling()` throws in an environment. */
function failureIn(environment: Readonly<Record<string, string>>): unknown {
  stubEnvironment(environment)
  try {
    agoraSignaling()
  } catch (error) {
    return error
  }
  return undefined
}

describe('what is missing in the environment stops the start, with the variable and the console page', () => {
  test.each([
    ['the App ID', pair, 'AGORA_APP_ID', 'Project Management'],
    ['every credential', { AGORA_APP_ID: hex }, 'AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET', 'RESTful API'],
    [
      'half of the customer pair',
      { AGORA_APP_ID: hex, AGORA_CUSTOMER_ID: 'customer' },
      'AGORA_CUSTOMER_SECRET',
      'RESTful API',
    ],
    [
      'the user of a certificate',
      { AGORA_APP_ID: hex, AGORA_APP_CERTIFICATE: hex },
      'AGORA_USER_ID',
      'for instance "server"',
    ],
  ])('%s', (_, environment, variable, place) => {
    expect(failureIn(environment)).toMatchObject({
      name: 'AgoraConfigError',
      code: 'ERR_CONFIG_MISSING',
      message: matching(new RegExp(`${variable}.*${place}`, 's')),
    })
  })

  test('a malformed App ID is refused without being shown', () => {
    const error = failureIn({ ...pair, AGORA_APP_ID: 'not-an-app-id' })
    expect(error).toMatchObject({
      code: 'ERR_INVALID_APP_ID',
      message: matching(/AGORA_APP_ID/),
    })
    expect(String(error)).not.toMatch(/not-an-app-id|canary-secret/)
  })

  test('a complete environment starts', async () => {
    stubEnvironment({ ...pair, AGORA_APP_ID: hex })
    await expect(agoraSignaling().close()).resolves.toBeUndefined()
  })
})

test('two ways to authenticate at once are refused, also when TypeScript did not look', () => {
  stubEnvironment({})
  const options: object = {
    appId: hex,
    customerId: 'customer',
    customerSecret: 'canary-secret',
    token: '007',
    userId: 'a',
  }
  expect(() => agoraSignaling(options)).toThrow(/customerId.*token|token.*customerId/)
})
