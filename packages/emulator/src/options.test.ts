import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import { matching, patience } from './rest.test.support.js'

const running: Emulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

/** As JavaScript calls it, which no compiler has looked at. */
async function startUnchecked(options: unknown): Promise<Emulator> {
  const emulator: unknown = await Reflect.apply(createEmulator, undefined, [options])
  if (!isEmulator(emulator)) throw new Error('createEmulator() gives an emulator.')
  running.push(emulator)
  return emulator
}

function isEmulator(value: unknown): value is Emulator {
  return typeof value === 'object' && value !== null && 'close' in value
}

describe('an option that is misspelt is refused with the name that was meant', () => {
  test.each<[unknown, string]>([
    [{ por: 4010 }, 'createEmulator() has no option "por". Did you mean port?'],
    [{ credential: {} }, 'createEmulator() has no option "credential". Did you mean credentials?'],
    [{ allowedHost: [] }, 'createEmulator() has no option "allowedHost". Did you mean allowedHosts?'],
    [{ onrequest: () => {} }, 'createEmulator() has no option "onrequest". Did you mean onRequest?'],
    [
      { credentials: { appID: 'a'.repeat(32) } },
      'credentials of createEmulator() has no option "appID". Did you mean appId?',
    ],
    [
      { features: { hystory: false } },
      'features of createEmulator() has no option "hystory". Did you mean history?',
    ],
    [
      { variants: { ackDelay: 5 } },
      'variants of createEmulator() has no option "ackDelay". Did you mean ackDelayMs?',
    ],
  ])('%j', async (options, message) => {
    await expect(startUnchecked(options)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID', message })
  })
})

describe('an option of a wrong type is refused with what it must be', () => {
  test.each<[unknown, RegExp]>([
    ['4010', /^The options of createEmulator\(\) must be one object/],
    [null, /^The options of createEmulator\(\) must be one object/],
    [[], /^The options of createEmulator\(\) must be one object/],
    [{ port: '4010' }, /^port of createEmulator\(\) must be a whole number from 0 to 65535\.$/],
    [{ port: 1.5 }, /^port of/],
    [{ host: true }, /^host of createEmulator\(\) must be an address or host name/],
    [{ host: 'http://localhost' }, /^host of/],
    [
      { allowedHosts: 'emulator' },
      /^allowedHosts of createEmulator\(\) must be a list of host names, each without/,
    ],
    [{ allowedHosts: [1] }, /^allowedHosts of/],
    [{ allowedHosts: ['http://emulator'] }, /^allowedHosts of/],
    [{ allowedHosts: ['emulator:4010'] }, /^allowedHosts of/],
    [{ allowedHosts: ['*'] }, /^allowedHosts of/],
    [{ allowedHosts: [''] }, /^allowedHosts of/],
    [{ credentials: 'x' }, /^The options of credentials of createEmulator\(\) must be one object/],
    [{ credentials: null }, /^The options of credentials of/],
    [{ credentials: { customerSecret: {} } }, /^customerSecret of credentials of/],
    [{ now: 1_800_000_000_000 }, /^now of createEmulator\(\) must be a function that gives Unix time/],
    [{ features: true }, /^The options of features of/],
    [{ features: { history: 'no' } }, /^history of features of createEmulator\(\) must be true or false\.$/],
    [{ limits: true }, /^limits of createEmulator\(\) must be "off" or "documented"\.$/],
    [{ recordLimit: '5' }, /^recordLimit of createEmulator\(\) must be a whole number from 1 to 10000000\.$/],
    [{ recordLimit: 10_000_001 }, /^recordLimit of/],
    [{ variants: 'legacy' }, /^The options of variants of/],
    [{ variants: { offlineBody: 'Legacy' } }, /^offlineBody of .* must be "documented" or "legacy"\.$/],
    [{ variants: { offlineWithoutAck: 1 } }, /^offlineWithoutAck of .* must be true or false\.$/],
    [{ variants: { storedCode: 'x' } }, /^storedCode of .* must be "message_offline" or "message_sent"\.$/],
    [{ variants: { ackDelayMs: 3_600_001 } }, /^ackDelayMs of .* from 0 to 3600000\.$/],
    [{ variants: { projectsStatus: 204 } }, /^projectsStatus of .* must be 200 or 201\.$/],
    [{ variants: { rtmV2FailuresAs200: null } }, /^rtmV2FailuresAs200 of .* must be true or false\.$/],
    [{ onRequest: {} }, /^onRequest of createEmulator\(\) must be a function\.$/],
    [{ onWarning: 'x' }, /^onWarning of createEmulator\(\) must be a function\.$/],
  ])('%j', async (options, message) => {
    const refusal: unknown = await startUnchecked(options).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: matching(message) })
  })
})

describe('a mistake has the code that the client gives for it', () => {
  const [short, bell] = ['short', 'a\u0007']
  test.each<[code: string, credentials: object]>([
    ...[short, `${'a'.repeat(31)}g`, 'a'.repeat(33), '', 5, null, {}, []].flatMap<[string, object]>(
      (value) => [
        ['ERR_INVALID_APP_ID', { appId: value }],
        ['ERR_INVALID_APP_CERTIFICATE', { appCertificate: value }],
      ],
    ),
    ['ERR_INVALID_CREDENTIAL', { customerId: 'a:b' }],
    ['ERR_INVALID_CREDENTIAL', { customerId: bell }],
    ['ERR_INVALID_CREDENTIAL', { customerSecret: bell }],
    ['ERR_CONFIG_MISSING', { customerId: '' }],
    ['ERR_CONFIG_MISSING', { customerSecret: '' }],
    ['ERR_CONFIG_INVALID', { customerSecret: 5 }],
  ])('%s: %j', async (code, credentials) => {
    await expect(startUnchecked({ credentials })).rejects.toMatchObject({ code })
  })

  test.each<[code: string, change: object]>([
    ['ERR_INVALID_PAYLOAD', { payload: 5 }],
    ['ERR_INVALID_CHANNEL', { channel: 5 }],
    ['ERR_INVALID_CHANNEL', { channel: 'a/b' }],
    ['ERR_INVALID_USER_ID', { publisher: null }],
    ['ERR_INVALID_USER_ID', { publisher: 'a/b' }],
    ['ERR_INVALID_ARGUMENT', { channelType: 'peer' }],
    ['ERR_CONFIG_INVALID', { chanelType: 'user' }],
  ])('history.add(): %s: %j', async (code, change) => {
    const { history } = await startUnchecked({})
    const seed = { channel: 'lobby', publisher: 'bob', payload: 'x', ...change }
    const refused = async (): Promise<unknown> => Reflect.apply(history.add, undefined, [seed])
    await expect(refused()).rejects.toMatchObject({ code })
  })
})

test.each<[string, unknown]>([
  ['left out', { port: undefined, credentials: undefined, now: undefined, onRequest: undefined }],
  ['the largest there may be', { recordLimit: 10_000_000, variants: { ackDelayMs: 3_600_000 } }],
  ['the smallest there may be', { recordLimit: 1, variants: { ackDelayMs: 0 } }],
])('an option that is %s is taken', async (_, options) => {
  expect((await startUnchecked(options)).url).toMatch(/^http:/)
})

describe('a control', () => {
  test.each<[unknown, RegExp]>([
    [
      { channel: 'lobby', publisher: 'bob', payload: 'x', chanelType: 'user' },
      /^history\.add\(\) has no option "chanelType"\. Did you mean channelType\?$/,
    ],
    [
      { channel: 'lobby', publisher: 'bob', payload: 5 },
      /^payload of history\.add\(\) must be text, or bytes/,
    ],
    [
      { channel: 'lobby', publisher: 'bob', payload: 'x', channelType: 'peer' },
      /^channelType of history\.add/,
    ],
    [{ channel: 'lobby', publisher: 'bob', payload: 'x', customType: 1 }, /^customType of history\.add/],
    [{ channel: 'lobby', publisher: 5, payload: 'x' }, /^publisher must be a string/],
    [{ publisher: 'bob', payload: 'x' }, /^channel must be a string, got undefined/],
    [{ channel: 'lobby', publisher: 'bob' }, /^payload of history\.add\(\) must be text, or bytes/],
    [undefined, /^The options of history\.add\(\) must be one object/],
  ])('history.add(%j) is refused', async (seed, message) => {
    const { history } = await startUnchecked({})
    expect((): unknown => Reflect.apply(history.add, undefined, [seed])).toThrow(message)
  })

  test.each([undefined, null, 5, {}, ['bob']])('users.login(%j) is refused', async (userId) => {
    const { users } = await startUnchecked({})
    expect((): unknown => Reflect.apply(users.login, undefined, [userId])).toThrow(/^userId must be a string/)
  })
})

describe('a function of the developer that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('out of order')
      },
    ],
    ['rejects', () => Promise.reject(new Error('out of order'))],
  ])('onRequest that %s changes no answer, and is said', async (_, onRequest) => {
    const said: string[] = []
    const listener = (warning: Error): unknown => said.push(warning.message)
    process.on('warning', listener)
    try {
      const emulator = await startUnchecked({ onRequest })
      expect((await fetch(`${emulator.url}/dev/v1/projects`)).status).toBe(401)
      await expect
        .poll(() => said, patience)
        .toContain('The function onRequest of createEmulator() failed: Error: out of order')
    } finally {
      process.off('warning', listener)
    }
  })
})
