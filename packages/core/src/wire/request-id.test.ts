import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodings as known } from '../test-support/encodings.js'
import type { SentRequest } from './quotation.js'
import { isEcho, safeRequestId, shortTexts } from './request-id.js'
import { isUsualAndNew } from './usual-id.js'

const secret = '5ec2e75ec2e75ec2e75ec2e75ec2e75e'
const sent: SentRequest = {
  secrets: [secret],
  path: '/dev/v2/project/0123456789abcdef0123456789abcdef/rtm/users/alice/peer_messages',
  shownPath: '',
  query: 'label=summer%20party',
  body: JSON.stringify({ destination: 'bob', payload: 'nobody else may read this' }),
}

test.each([
  '10116762670167749259',
  '1121_1234231',
  '7966661_18114543996554487573',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  'a2c1d1f0c7b84b0d9a9d9f3c3a1e5b7c',
  'Root=1-5759e988-bd862e3fe1be46a994272793',
  'abc',
  '1',
])('%s is an ID', (id) => {
  expect(safeRequestId(id, sent)).toBe(id)
})

test.each([
  ['of 5 MB', '7'.repeat(5_000_000)],
  ['of 129 characters', '7'.repeat(129)],
  ['with a line break', '7\r\nset-cookie: a=b'],
  ['that writes to a terminal', '\u001b[31m7'],
  ['with a space', 'a b'],
  ['that is empty', ''],
  ['outside ASCII', 'ü7'],
])('what no log should get is none: one %s', (_, id) => {
  expect(safeRequestId(id, sent)).toBeUndefined()
})

const texts = [secret, secret.slice(5, 15), 'nobody else', '0123456789abcdef', 'summer party']
const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in upper case', (text) => text.toUpperCase()],
  ['with other separators', (text) => Array.from(text).join('-')],
  ['backwards', (text) => Array.from(text).toReversed().join('')],
  ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ['in UTF-16', (text) => Buffer.from(text, 'utf16le').toString('hex')],
  ['in Base64', (text) => Buffer.from(text).toString('base64')],
  ['in Base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['in Base64 twice', (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64')],
  ['in Base64 of hexadecimal', (text) => Buffer.from(Buffer.from(text).toString('hex')).toString('base64')],
  ['as rot13', (text) => known['rot13']?.(text) ?? ''],
  ['as codes', (text) => [...Buffer.from(text)].join('.')],
]

test.each(encodings)('what was sent comes back as no ID, %s', (_, encode) => {
  for (const text of texts) {
    expect(safeRequestId(encode(text).replaceAll(' ', '_'), sent)).toBeUndefined()
    expect(safeRequestId(`id-${encode(text).replaceAll(' ', '_')}`, sent)).toBeUndefined()
  }
})

test('a payload shorter than eight characters comes back as no ID', () => {
  const short = { ...sent, body: JSON.stringify({ payload: '4711' }) }
  for (const id of ['4711', 'x-4711', '34373131', 'NDcxMQ=='])
    expect(safeRequestId(id, short)).toBeUndefined()
  expect(safeRequestId('ring', { ...sent, body: 'ring' })).toBeUndefined()
})

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function asNumber(text: string): string {
  return plain(text).replaceAll(/\D/g, '').slice(0, 20) || '1'
}

function asUuid(text: string): string {
  return plain(text)
    .replaceAll(/[^\da-f]/g, '')
    .padEnd(32, 'c2d1e')
    .slice(0, 32)
}

describe('the short way for usual IDs', () => {
  // A percent sign in the query would send each ID the long way.
  const base = { ...sent, query: '' }
  const short = { ...base, body: JSON.stringify({ destination: 'bob', payload: 'peter' }) }
  const digits = { ...base, body: JSON.stringify({ payload: 'card 4111 1111 1111 1111', at: 1732470000123 }) }

  test.each([
    ['a number of the payload', '41111111111111110000', digits],
    ['a number of the payload, backwards', '00003210000742371', digits],
    ['a part of one, across the separator', '000111_11111111000', digits],
    ['hexadecimal of a secret', Buffer.from(secret.slice(0, 10)).toString('hex'), base],
    ['hexadecimal of a short payload', Buffer.from('peter').toString('hex'), short],
    ['hexadecimal of a short payload, one digit later', `7${Buffer.from('peter').toString('hex')}`, short],
    ['a secret that looks like a UUID', secret.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), base],
    ['the App ID as a UUID', '01234567-89ab-cdef-0123-456789abcdef', base],
    ['a percent-encoded number', '97531864', { ...sent, query: 'q=%39%37%35%33%31%38%36%34' }],
    [
      'accented words in hexadecimal, as a UUID',
      Buffer.from('größte äüöß früh', 'latin1').toString('hex'),
      { ...base, body: JSON.stringify({ payload: 'größte äüöß früh am Tag' }) },
    ],
  ])('does not let through %s', (_, id, request) => {
    expect(safeRequestId(id, request)).toBeUndefined()
  })

  test('takes no ID that the whole comparison refuses', () => {
    const digit = fc.constantFrom(...Array.from('0123456789'))
    const hex = fc.constantFrom(...Array.from('0123456789abcdef'))
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: digit, maxLength: 40 }),
      fc.string({ unit: hex, maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...Array.from('01 2-3ab,z')), maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...Array.from('aeßéÿ1')), maxLength: 30 }),
    )
    const encode = fc.constantFrom<(one: string) => string>(
      (one) => one,
      (one) => Array.from(one).toReversed().join(''),
      (one) => Buffer.from(one, 'latin1').toString('hex'),
      (one) => Buffer.from(one).toString('hex'),
    )
    fc.assert(
      fc.property(
        text,
        text,
        fc.nat(20),
        fc.integer({ min: 4, max: 20 }),
        encode,
        (payload, query, at, length, encoded) => {
          const request = { ...sent, query, body: JSON.stringify({ destination: 'bob', payload }) }
          const shortPayloads = shortTexts(request.body)
          const piece = encoded(payload.slice(at, at + length))
          const ids = [asNumber(piece), `${asNumber(piece)}_${asNumber(query)}`, asUuid(piece)]
          const isWronglyTaken = (id: string): boolean =>
            isUsualAndNew(id, request, shortPayloads) && isEcho(id, request, shortPayloads)
          expect(ids.filter(isWronglyTaken)).toEqual([])
        },
      ),
      { numRuns: 20_000 },
    )
  })

  test('is the way of nearly all IDs that Agora and others give', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => {
      const bytes = createHash('sha256').update(String(index)).digest()
      const number = String(bytes.readBigUInt64BE(0))
      const uuid = bytes
        .toString('hex')
        .slice(0, 32)
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
      return [number, `${number.slice(0, 7)}_${number}`, uuid]
    }).flat()
    const requests = [sent, { ...sent, query: '', body: JSON.stringify({ payload: 'words '.repeat(5000) }) }]
    for (const request of requests) {
      const quick = ids.filter((id) => isUsualAndNew(id, { ...request, query: '' }, []))
      expect(quick.length / ids.length).toBeGreaterThan(0.85)
    }
  })
})
