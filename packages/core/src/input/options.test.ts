import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createSignalingClient } from '../client/client.js'
import { appCertificate, appId, customerId, customerSecret } from '../test-support/account.js'
import { thrownBy } from '../test-support/failures.js'
import { checkArguments, checkOptions } from './options.js'
import type { OptionRules } from './options.js'
import { aFunction, checkedByItsOwner, either, objectOf, off, text, wholeNumber, yesOrNo } from './rule.js'

interface Limits {
  readonly perSecond?: number
  readonly waiting?: number
}

interface Options {
  readonly userId?: string
  readonly onDone?: () => void
  readonly quiet?: boolean
  readonly limits?: Limits | false
}

const rules = {
  userId: text,
  onDone: aFunction('a function that is told of the end'),
  quiet: yesOrNo,
  limits: either(
    objectOf<Limits>('an object of limits', {
      perSecond: wholeNumber('calls', 1, 10),
      waiting: wholeNumber('calls', 0, 10),
    }),
    off,
  ),
}

const check = (options: unknown): unknown =>
  Reflect.apply(checkOptions, undefined, ['make()', options, rules])

test.each([
  {},
  { userId: 'a', onDone: () => undefined, quiet: false, limits: false },
  { limits: {} },
  { limits: { perSecond: 10, waiting: undefined } },
  { userId: undefined },
  Object.assign(Object.create(null), { userId: 'a' }),
  Object.freeze({ quiet: true }),
])('options that are what they have to be pass: %j', (options) => {
  expect(() => check(options)).not.toThrow()
})

test.each<readonly [unknown, string]>([
  [{ userID: 'a' }, 'make() has no option "userID". Did you mean userId?'],
  [{ userid: undefined }, 'make() has no option "userid". Did you mean userId?'],
  [{ user: 'a' }, 'make() has no option "user". Did you mean userId?'],
  [{ quite: true }, 'make() has no option "quite". Did you mean quiet?'],
  [{ nonsense: 1 }, 'make() has no option "nonsense". The options are userId, onDone, quiet, limits.'],
  [{ toString: 1 }, 'make() has no option "toString". The options are userId, onDone, quiet, limits.'],
  [
    Object.fromEntries([['__proto__', 1]]),
    'make() has no option "__proto__". The options are userId, onDone, quiet, limits.',
  ],
  [{ limits: { perSecnd: 1 } }, 'make() has no option "limits.perSecnd". Did you mean limits.perSecond?'],
  [{ userId: 7 }, 'userId of make() must be text.'],
  [{ userId: null }, 'userId of make() must be text.'],
  [{ onDone: 'log' }, 'onDone of make() must be a function that is told of the end.'],
  [{ quiet: 'false' }, 'quiet of make() must be true or false.'],
  [{ limits: true }, 'limits of make() must be an object of limits, or false.'],
  [{ limits: [] }, 'limits of make() must be an object of limits, or false.'],
  [
    { limits: { perSecond: 11 } },
    'limits.perSecond of make() must be a whole number of calls, from 1 to 10.',
  ],
  ...[null, undefined, 7, 'text', [], () => undefined].map(
    (options) => [options, 'The options of make() must be one object: { name: value }.'] as const,
  ),
])('%j is refused in a sentence that says what to change', (options, sentence) => {
  expect(thrownBy(() => check(options))).toMatchObject({
    name: 'AgoraConfigError',
    code: 'ERR_CONFIG_INVALID',
    message: sentence,
  })
})

describe('what was meant is said also where', () => {
  const client = createSignalingClient({ appId, customerId, customerSecret })

  test('a client was handed in', () => {
    const { message } = thrownBy(() => check(client))
    expect(message).toBe('make() takes an object of options, and was given a client: write { name: value }.')
    const withClient: OptionRules<{ client: unknown }> = { client: checkedByItsOwner }
    expect(thrownBy(() => checkOptions<object>('agoraSignaling()', client, withClient)).message).toContain(
      'write { client: client }',
    )
  })

  test('an object of some class was', () => {
    const { message } = thrownBy(() => check(new EventEmitter()))
    expect(message).toMatch(
      /^make\(\) takes an object of options, { name: value }, and was given one of class EventEmitter\./,
    )
    expect(message).not.toContain('_events')
  })
})

test.each([appCertificate, 'x'.repeat(10_000), 'hello, bob', '\u001b[2J', 'a\r\nb'])(
  'what cannot be a name is not shown: it may be a secret or a message',
  (name) => {
    const { message } = thrownBy(() => check({ [name]: true }))
    expect(message).toBe('make() has no option of this name. The options are userId, onDone, quiet, limits.')
  },
)

const call = (args: object) => thrownBy(() => checkArguments<Options>('send()', args, rules))

describe('arguments of a call', () => {
  test('that do not exist are a mistake of the program, and no caller is told 400', () => {
    expect(call({ userID: 'a' })).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      message: 'send() has no argument "userID". Did you mean userId?',
    })
  })

  test('of a wrong type may come from a caller, and are named', () => {
    expect(call({ quiet: 'yes' })).toMatchObject({
      name: 'AgoraValidationError',
      code: 'ERR_INVALID_ARGUMENT',
      argument: 'quiet',
      message: 'quiet of send() must be true or false.',
    })
  })
})
