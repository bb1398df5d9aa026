import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { customerId, customerSecret } from '../test-support/account.js'
import { thrownBy } from '../test-support/failures.js'
import { unchecked } from '../test-support/unchecked.js'
import { readEnvironment } from './environment.js'
import type { Environment, EnvironmentSettings } from './environment.js'

const aliases: Readonly<Record<keyof EnvironmentSettings, readonly string[]>> = {
  appId: ['AGORA_APP_ID', 'NEXT_PUBLIC_AGORA_APP_ID'],
  appCertificate: ['AGORA_APP_CERTIFICATE', 'NEXT_AGORA_APP_CERTIFICATE', 'AGORA_APP_CERT'],
  customerId: ['AGORA_CUSTOMER_ID', 'AGORA_CUSTOMER_KEY', 'AGORA_REST_KEY', 'AGORA_RESTFUL_ID'],
  customerSecret: ['AGORA_CUSTOMER_SECRET', 'AGORA_REST_SECRET', 'AGORA_RESTFUL_SECRET'],
  userId: ['AGORA_USER_ID'],
  baseUrl: ['AGORA_REST_BASE_URL'],
  insecureHost: ['AGORA_ALLOW_INSECURE_HOST'],
  webhookSecret: ['AGORA_WEBHOOK_SECRET', 'AGORA_NCS_SECRET'],
  region: ['AGORA_REGION'],
  logLevel: ['AGORA_LOG_LEVEL'],
}
const settingNames = [
  'appId',
  'appCertificate',
  'customerId',
  'customerSecret',
  'userId',
  'baseUrl',
  'insecureHost',
  'webhookSecret',
  'region',
  'logLevel',
] as const
const pairsOfNames = settingNames.flatMap((setting) => {
  const [first = '', ...others] = aliases[setting]
  return others.map((other) => [setting, first, other] as const)
})

describe.each(settingNames)('%s', (setting) => {
  test.each(aliases[setting])('is read from %s', (variable) => {
    expect(readEnvironment({ [variable]: 'value' })[setting]).toBe('value')
  })

  test('is not there when no variable is', () => {
    expect(readEnvironment({})[setting]).toBeUndefined()
  })

  test.each(['', '   ', '""', "''", '" "'])('is not there when its variable holds %j', (empty) => {
    expect(readEnvironment({ [aliases[setting][0] ?? '']: empty })[setting]).toBeUndefined()
  })

  test('is trimmed, and loses one pair of quotes', () => {
    const variable = aliases[setting][0] ?? ''
    for (const raw of [' value ', '"value"', "'value'", ' "value"\r', '" value "']) {
      expect(readEnvironment({ [variable]: raw })[setting]).toBe('value')
    }
    expect(readEnvironment({ [variable]: `""value""` })[setting]).toBe('"value"')
    expect(readEnvironment({ [variable]: `"value'` })[setting]).toBe(`"value'`)
  })
})

describe.each(pairsOfNames)('%s', (setting, first, other) => {
  test(`${first} and ${other} may hold one value`, () => {
    expect(readEnvironment({ [first]: 'value', [other]: '"value" ' })[setting]).toBe('value')
  })

  test(`${first} and ${other} with two values are refused by name, and without the values`, () => {
    const settings = readEnvironment({ [first]: 'canary1', [other]: 'canary2' })
    const error = thrownBy(() => settings[setting])
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_CONFLICT' })
    expect(error.message).toContain(first)
    expect(error.message).toContain(other)
    expect(inspect(error)).not.toContain('canary')
  })

  test(`${other} counts when ${first} is empty`, () => {
    expect(readEnvironment({ [first]: '', [other]: 'value' })[setting]).toBe('value')
  })
})

describe('a secret under a name that build tools copy into browser code is refused', () => {
  const prefixes = [
    'NEXT_PUBLIC_',
    'VITE_',
    'REACT_APP_',
    'VUE_APP_',
    'NG_APP_',
    'EXPO_PUBLIC_',
    'NUXT_PUBLIC_',
    'GATSBY_',
    'PUBLIC_',
  ]
  const secrets = [
    'AGORA_APP_CERTIFICATE',
    'AGORA_APP_CERT',
    'AGORA_CUSTOMER_SECRET',
    'AGORA_CUSTOMER_CERTIFICATE',
    'AGORA_REST_SECRET',
    'AGORA_WEBHOOK_SECRET',
    'APP_CERTIFICATE',
    'CUSTOMER_SECRET',
  ]
  const names = [
    ...prefixes.map((prefix) => `${prefix}AGORA_APP_CERTIFICATE`),
    ...secrets.map((name) => `VITE_${name}`),
  ]

  test.each(names)('%s', (name) => {
    const error = thrownBy(() => readEnvironment({ [name]: 'canary' }))
    expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_SECRET_EXPOSED' })
    expect(error.message).toContain(name)
    expect(error.message).toContain('browsers download')
    expect(inspect(error)).not.toContain('canary')
  })

  test('what is empty, no secret or no public name is not', () => {
    const env = {
      VITE_AGORA_APP_CERTIFICATE: '',
      VITE_AGORA_APP_ID: 'id',
      NEXT_PUBLIC_AGORA_APP_ID: 'id',
      REACT_APP_AGORA_CUSTOMER_ID: 'id',
      VITE_STRIPE_SECRET: 'of someone else',
      NEXT_AGORA_APP_CERTIFICATE: 'stays on the server',
    }
    expect(readEnvironment(env).appCertificate).toBe('stays on the server')
  })
})

describe('AGORA_CREDENTIALS_FILE', () => {
  const consoleFile = `Keep them safe.\r\nkey：${customerId}\r\nsecret：${customerSecret}`

  test('names the key_and_secret.txt of the console', () => {
    const settings = readEnvironment({ AGORA_CREDENTIALS_FILE: fileOf(consoleFile) })
    expect(settings).toMatchObject({ customerId, customerSecret })
  })

  test('may stand beside variables that hold the same', () => {
    const settings = readEnvironment({
      AGORA_CREDENTIALS_FILE: fileOf(consoleFile),
      AGORA_CUSTOMER_KEY: customerId,
    })
    expect(settings).toMatchObject({ customerId, customerSecret })
  })

  test.each([
    ['AGORA_CUSTOMER_KEY', 'customerId'],
    ['AGORA_CUSTOMER_SECRET', 'customerSecret'],
  ] as const)('is refused beside %s with another value, by both names', (variable, setting) => {
    const settings = readEnvironment({
      AGORA_CREDENTIALS_FILE: fileOf(consoleFile),
      [variable]: 'canary',
    })
    const error = thrownBy(() => settings[setting])
    expect(error.code).toBe('ERR_CONFIG_CONFLICT')
    expect(error.message).toMatch(new RegExp(`${variable}.*AGORA_CREDENTIALS_FILE`))
    for (const value of ['canary', customerId, customerSecret]) expect(inspect(error)).not.toContain(value)
  })

  test('that cannot be read is named, with its path', () => {
    const settings = readEnvironment({ AGORA_CREDENTIALS_FILE: '/nowhere/key_and_secret.txt' })
    const error = thrownBy(() => settings.customerId)
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toContain('AGORA_CREDENTIALS_FILE')
    expect(error.message).toContain('/nowhere/key_and_secret.txt')
  })

  test('that holds something else is named, with what is missing in it', () => {
    const path = fileOf('secret：canary')
    const error = thrownBy(() => readEnvironment({ AGORA_CREDENTIALS_FILE: path }).customerId)
    expect(error.code).toBe('ERR_CONFIG_MISSING')
    expect(error.message).toContain('AGORA_CREDENTIALS_FILE')
    expect(error.message).toContain(path)
    expect(error.message).toContain('"key: …"')
    expect(inspect(error)).not.toContain('canary')
  })
})

test.each([null, 7, 'AGORA_APP_ID', [], () => undefined])('an environment that is %j is refused', (env) => {
  const error = thrownBy(() => Reflect.apply(readEnvironment, undefined, [env]))
  expect(error.code).toBe('ERR_CONFIG_INVALID')
  expect(error.message).toContain('as process.env is')
})

test.each(['AGORA_APP_ID', 'AGORA_CUSTOMER_SECRET', 'AGORA_CREDENTIALS_FILE'])(
  '%s that is no text is refused by name, and not shown',
  (name) => {
    const env: Environment = unchecked({}, { [name]: { canary: 'canary' } })
    const error = thrownBy(() => {
      const settings = readEnvironment(env)
      return [settings.appId, settings.customerSecret]
    })
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toMatch(new RegExp(`^${name} must be text`))
    expect(error.message).not.toContain('canary')
  },
)

test('a credentials file that is pasted into the variable is not repeated', () => {
  for (const text of [
    'key：5ec2e75ec2\r\nsecret：5ec2e75ec2',
    'key=5ec2e75e\nsecret=canary',
    '5ec2e75ec2e75ec2e75ec2e75ec2e75e',
  ]) {
    const error = thrownBy(() => readEnvironment({ AGORA_CREDENTIALS_FILE: text }).customerId)
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    const shown = inspect(error, { depth: Infinity, showHidden: true })
    for (const piece of text.match(/[0-9a-f]{6,}|canary/g) ?? []) expect(shown).not.toContain(piece)
  }
})

test('a setting that nobody asks for cannot fail', () => {
  const settings = readEnvironment({
    AGORA_APP_ID: 'id',
    AGORA_CREDENTIALS_FILE: '/nowhere/key_and_secret.txt',
    AGORA_APP_CERTIFICATE: 'one',
    AGORA_APP_CERT: 'another',
  })
  expect(settings.appId).toBe('id')
})

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'key-and-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'key_and_secret.txt')
  writeFileSync(path, text)
  return path
}
