import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { customerId as key, customerSecret as secret } from '../test-support/account.js'
import { thrownBy } from '../test-support/failures.js'
import { parseKeyAndSecret } from './key-and-secret.js'

const pair = { customerId: key, customerSecret: secret }

afterEach(() => {
  vi.restoreAllMocks()
})

describe('reads the file', () => {
  test.each([
    [
      'as the console writes it: notice line, full-width colons, CRLF, no line break at the end',
      `Please keep your key and secret safe.\r\nkey：${key}\r\nsecret：${secret}`,
    ],
    ['with the notice in Chinese', `请妥善保管您的密钥\r\nkey：${key}\r\nsecret：${secret}`],
    [
      'with the notice in Japanese',
      `キーとシークレットを安全に保管してください。\r\nkey：${key}\r\nsecret：${secret}`,
    ],
    ['with a byte order mark', `\uFEFFkey：${key}\r\nsecret：${secret}`],
    ['with colons', `key: ${key}\nsecret: ${secret}\n`],
    ['with equals signs', `key=${key}\nsecret=${secret}`],
    ['with old line endings', `key：${key}\rsecret：${secret}\r`],
    ['with spaces around everything', `  key ： ${key}  \n\n\t secret ：\t${secret} `],
    ['in capitals and in the other order', `SECRET：${secret}\nKEY：${key}`],
    ['with the names of the console page', `Customer ID: ${key}\nCustomer Secret: ${secret}`],
    ['with the older name of the secret', `customer_id: ${key}\ncustomer certificate: ${secret}`],
    ['with each line twice', `key：${key}\nkey：${key}\nsecret：${secret}\nsecret：${secret}`],
    ['with lines of other names', `keyring：x\nnot a key：y\nsecretary：z\nkey：${key}\nsecret：${secret}`],
  ])('%s', (_, text) => {
    const warn = vi.spyOn(process, 'emitWarning')
    expect(parseKeyAndSecret(text)).toEqual(pair)
    expect(warn).not.toHaveBeenCalled()
  })

  test('from its bytes', () => {
    const path = new URL('../../fixtures/key_and_secret.txt', import.meta.url)
    const { customerId, customerSecret } = parseKeyAndSecret(readFileSync(path, 'utf8'))
    expect(customerId).toBe('11112222333344445555666677778888')
    expect(customerSecret).toBe('aaaabbbbccccddddeeeeffff00001111')
  })
})

test.each([
  ['key', `secret：${secret}`],
  ['key', `key：\nsecret：${secret}`],
  ['secret', `key：${key}`],
  ['key', ''],
])('a file without its %s line is refused by that name', (name, text) => {
  const error = thrownBy(() => parseKeyAndSecret(text))
  expect(error).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_MISSING' })
  expect(error.message).toContain(`"${name}: …"`)
  expect(inspect(error)).not.toContain(secret)
})

test.each([
  ['key', `key：${key}\nkey：${'0'.repeat(32)}\nsecret：${secret}`],
  ['secret', `key：${key}\nsecret：${secret}\nsecret：${'0'.repeat(32)}`],
])('a file with two different %s lines is refused, without saying the values', (name, text) => {
  const error = thrownBy(() => parseKeyAndSecret(text))
  expect(error.code).toBe('ERR_CONFIG_CONFLICT')
  expect(error.message).toContain(`"${name}: …"`)
  for (const value of [key, secret, '0'.repeat(32)]) expect(inspect(error)).not.toContain(value)
})

test.each([Buffer.from('key: a'), undefined, null, 7])(
  'what is no text is refused with the call that reads it: %j',
  (value) => {
    const error = thrownBy(() => Reflect.apply(parseKeyAndSecret, undefined, [value]))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toContain("readFileSync(path, 'utf8')")
  },
)

test('values in another form than the console makes them are taken, with a warning that does not repeat them', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
  expect(parseKeyAndSecret('key：my-key\nsecret：canary')).toEqual({
    customerId: 'my-key',
    customerSecret: 'canary',
  })
  expect(warn).toHaveBeenCalledOnce()
  expect(inspect(warn.mock.calls)).toContain('32 hexadecimal characters')
  expect(inspect(warn.mock.calls)).not.toMatch(/my-key|canary/)
})

test('the result does not print its secret', () => {
  const result = parseKeyAndSecret(`key：${key}\nsecret：${secret}`)
  expect(inspect(result)).not.toContain(secret)
  expect(JSON.stringify(result)).not.toContain(secret)
})
