import { createHmac } from 'node:crypto'
import { Headers as UndiciHeaders } from 'undici'
import { describe, expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { matching } from '../test-support/matchers.js'
import { unchecked } from '../test-support/unchecked.js'
import { signNotification } from './sign.js'
import { verifyNotification } from './verify.js'
import type { NotificationHeaders, VerifyNotificationOptions } from './verify.js'

/** Agora's own sample, the one whose signatures are right. */
const rawBody =
  '{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f","notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
const sha1 = '033c62f40f687675f17f0f41f91a40c71c0f134c'
const sha256 = '6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99'
const secret = 'secret'
const sample: unknown = JSON.parse(rawBody)
const signed: NotificationHeaders = { 'agora-signature': sha1, 'agora-signature-v2': sha256 }

const verify = (change: Partial<VerifyNotificationOptions> = {}): ReturnType<typeof verifyNotification> =>
  verifyNotification({ rawBody, headers: signed, secret, ...change })
const refusal = (change: Partial<VerifyNotificationOptions>): string => thrownBy(() => verify(change)).code

const signedBody = (body: Uint8Array | string): Pick<VerifyNotificationOptions, 'rawBody' | 'headers'> => ({
  rawBody: body,
  headers: { 'agora-signature-v2': createHmac('sha256', secret).update(body).digest('hex') },
})

test('Agora’s sample is read, with the fields that only some products have', () => {
  expect(verify()).toEqual({
    noticeId: '4eb720f0-8da7-11e9-a43e-53f411c2761f',
    productId: 1,
    eventType: 10,
    notifyMs: 1560408533119,
    payload: { a: '1', b: 2 },
    fields: sample,
  })
})

describe('the signature', () => {
  test.each<[string, NotificationHeaders]>([
    ['with names in another case', { 'Agora-Signature-V2': sha256 }],
    ['as Node gives several of a name', { 'agora-signature-v2': [sha256] }],
    [
      'beside the same name that is left out',
      { 'AGORA-SIGNATURE-V2': undefined, 'agora-signature-v2': sha256 },
    ],
    ['as web Headers', new Headers({ 'Agora-Signature-V2': sha256 })],
    ['in upper case, with spaces around it', { 'agora-signature-v2': ` ${sha256.toUpperCase()} ` }],
  ])('is found in headers %s', (_, headers) => {
    expect(verify({ headers }).eventType).toBe(10)
  })

  test('is found in the Headers of another library', () => {
    const headers = new UndiciHeaders({ 'agora-signature-v2': sha256 })
    expect(verifyNotification(unchecked({ rawBody, headers: {}, secret }, { headers })).eventType).toBe(10)
  })

  test.each<[string, NotificationHeaders]>([
    ['none', {}],
    ['the older one alone', { 'agora-signature': sha1 }],
    ['the older one under the name of the newer', { 'agora-signature-v2': sha1 }],
    ['one that is cut short', { 'agora-signature-v2': sha256.slice(0, -1) }],
    ['one that is longer', { 'agora-signature-v2': `${sha256}0` }],
    ['one digit that is wrong', { 'agora-signature-v2': `${sha256.slice(0, -1)}0` }],
    ['an empty one', { 'agora-signature-v2': '' }],
    ['two, the first of which is wrong', { 'agora-signature-v2': ['00'.repeat(32), sha256] }],
    ['letters of another alphabet', { 'agora-signature-v2': 'é'.repeat(64) }],
    ['a name that every object has', { constructor: sha256 }],
  ])('%s is refused', (_, headers) => {
    expect(refusal({ headers })).toBe('ERR_WEBHOOK_SIGNATURE')
  })

  test('the older one (SHA-1) counts when it is allowed and alone', () => {
    expect(verify({ headers: { 'agora-signature': sha1 }, allowSha1: true }).eventType).toBe(10)
    expect(refusal({ headers: { 'agora-signature': sha256 }, allowSha1: true })).toBe('ERR_WEBHOOK_SIGNATURE')
  })

  test.each<[string, string | readonly string[]]>([
    ['wrong', '00'.repeat(32)],
    ['empty', ''],
    ['there several times, and none', []],
  ])('the older one does not speak for a newer one that is %s', (_, newer) => {
    const headers = { 'agora-signature': sha1, 'agora-signature-v2': newer }
    expect(refusal({ headers, allowSha1: true })).toBe('ERR_WEBHOOK_SIGNATURE')
  })

  test('any of several secrets will do while one replaces another', () => {
    for (const several of [['secret', 'new'], ['new', 'secret'], ['secret']]) {
      expect(verify({ secret: several }).eventType).toBe(10)
    }
    expect(refusal({ secret: ['new', 'newer'] })).toBe('ERR_WEBHOOK_SIGNATURE')
  })

  test.each<[string, Pick<VerifyNotificationOptions, 'rawBody' | 'headers'>]>([
    ['hyphen missing in Agora’s page', { rawBody: rawBody.replace('a43e-', 'a43e'), headers: signed }],
    [
      'key with a space in Agora’s page',
      { rawBody: rawBody.replace('"productId"', '"productId "'), headers: signed },
    ],
    ['line break at the end', { rawBody: `${rawBody}\n`, headers: signed }],
  ])('of another body is refused: %s', (_, other) => {
    expect(refusal(other)).toBe('ERR_WEBHOOK_SIGNATURE')
  })

  test('what a refusal says holds neither the secret nor the right signature', () => {
    const error = thrownBy(() => verify({ headers: { 'agora-signature-v2': '00' }, secret: 'canary-secret' }))
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack ?? ''}`).not.toMatch(/canary|6d3320c6/)
    expect(error.message).toMatch(/agora-signature-v2.*AGORA_WEBHOOK_SECRET/)
  })
})

describe('the body', () => {
  test.each<[string, Uint8Array | string]>([
    ['text', rawBody],
    ['a Buffer', Buffer.from(rawBody)],
    ['bytes', new TextEncoder().encode(rawBody)],
    ['a part of a larger memory', Buffer.from(`..${rawBody}..`).subarray(2, -2)],
  ])('may be %s', (_, body) => {
    expect(verify({ rawBody: body }).noticeId).toBe('4eb720f0-8da7-11e9-a43e-53f411c2761f')
  })

  test.each<[string, unknown]>([
    ['parsed', sample],
    ['missing', undefined],
    ['null', null],
    ['a list of numbers', [...Buffer.from(rawBody)]],
    ['a memory without a view', new ArrayBuffer(8)],
  ])('that is %s says that the exact bytes are needed', (_, body) => {
    const error = thrownBy(() =>
      verifyNotification(unchecked({ rawBody, headers: signed, secret }, { rawBody: body })),
    )
    expect(error.code).toBe('ERR_WEBHOOK_RAW_BODY')
    expect(error.message).toMatch(/before the JSON body parser/)
  })

  const fields = { noticeId: 'n', productId: 1, eventType: 2, notifyMs: 3 }

  test.each<[string, Uint8Array | string]>([
    ['empty', ''],
    ['no JSON', 'noticeId=n'],
    ['JSON cut short', rawBody.slice(0, -1)],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"noticeId"'],
    ...Object.keys(fields).map((name): [string, string] => [
      `without ${name}`,
      JSON.stringify({ ...fields, [name]: undefined }),
    ]),
    ['of wrong types', JSON.stringify({ ...fields, productId: '1' })],
    ['with an empty noticeId', JSON.stringify({ ...fields, noticeId: '' })],
    ['no UTF-8', Buffer.from(JSON.stringify({ ...fields, noticeId: 'ÿþ' }), 'latin1')],
    ['with its fields in __proto__', `{"__proto__":${JSON.stringify(fields)}}`],
    ['a million brackets', '['.repeat(1_000_000)],
  ])('that is signed but is no notification is refused: %s', (_, body) => {
    expect(refusal(signedBody(body))).toBe('ERR_WEBHOOK_PAYLOAD')
  })

  test('a noticeId that is a number is read as its text', () => {
    expect(verify(signedBody(JSON.stringify({ ...fields, noticeId: 42 }))).noticeId).toBe('42')
  })

  test('__proto__ in a body changes no object', () => {
    const body = `{${JSON.stringify(fields).slice(1, -1)},"__proto__":{"isAdmin":true},"payload":{"__proto__":{"isAdmin":true}}}`
    const notification = verify(signedBody(body))
    for (const one of [notification, notification.payload, notification.fields, {}]) {
      expect(one).not.toHaveProperty('isAdmin')
    }
  })

  test('a payload that is nested deeply is handed on as it is', () => {
    const depth = 100_000
    const body = `{${JSON.stringify(fields).slice(1, -1)},"payload":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(verify(signedBody(body)).payload).toBeInstanceOf(Array)
  })

  test('ten megabytes that nobody signed are refused', () => {
    expect(refusal({ rawBody: 'x'.repeat(10_000_000) })).toBe('ERR_WEBHOOK_SIGNATURE')
  })
})

describe('the options', () => {
  test.each<[unknown]>([[''], [[]], [['secret', '']], [['', 'secret']], [undefined]])(
    'a secret that is %j is missing, and nothing is verified with it',
    (missing) => {
      const error = thrownBy(() =>
        verifyNotification(unchecked({ rawBody, headers: signed, secret }, { secret: missing })),
      )
      expect(error).toMatchObject({ code: 'ERR_CONFIG_MISSING' })
      expect(error.message).toMatch(/AGORA_WEBHOOK_SECRET/)
    },
  )

  test.each<[string, object, RegExp]>([
    ['a name that is misspelt', { allowSHA: true }, /no option "allowSHA"\. Did you mean allowSha1\?/],
    [
      'a secret that is no text',
      { secret: 42 },
      /secret of verifyNotification\(\) must be text, or a list of texts/,
    ],
    ['a list with no text in it', { secret: ['secret', null] }, /secret of/],
    ['"true" for true', { allowSha1: 'true' }, /allowSha1 of verifyNotification\(\) must be true or false/],
    ['headers that are text', { headers: `agora-signature-v2: ${sha256}` }, /headers of/],
    ['headers that are null', { headers: null }, /headers of/],
  ])('%s is refused', (_, change, message) => {
    const error = thrownBy(() => verifyNotification(unchecked({ rawBody, headers: signed, secret }, change)))
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toMatch(message)
  })

  test('headers that are left out are named', () => {
    const error = thrownBy(() =>
      verifyNotification(unchecked({ rawBody, headers: signed, secret }, { headers: undefined })),
    )
    expect(error).toMatchObject({ code: 'ERR_CONFIG_MISSING', message: matching(/headers/) })
  })
})

describe('signNotification()', () => {
  test('signs as Agora does, both ways, so that a test of a handler says something', () => {
    const made = signNotification({
      secret,
      productId: 1,
      eventType: 10,
      noticeId: 'n',
      notifyMs: 5,
      payload: { a: 1 },
    })
    expect(JSON.parse(made.rawBody)).toEqual({
      noticeId: 'n',
      productId: 1,
      eventType: 10,
      notifyMs: 5,
      payload: { a: 1 },
    })
    expect(verify(made)).toMatchObject({ noticeId: 'n', notifyMs: 5 })
    const { 'agora-signature': older = '' } = made.headers
    expect(verify({ ...made, headers: { 'agora-signature': older }, allowSha1: true }).noticeId).toBe('n')
  })

  test('gives each its own ID and the time of now, and wants a secret', () => {
    const [first, second] = [1, 2].map(() =>
      verify(signNotification({ secret, productId: 1, eventType: 10 })),
    )
    expect(first?.noticeId).not.toBe(second?.noticeId)
    expect(Math.abs((first?.notifyMs ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(thrownBy(() => signNotification({ secret: '', productId: 1, eventType: 10 })).code).toBe(
      'ERR_CONFIG_MISSING',
    )
  })
})
