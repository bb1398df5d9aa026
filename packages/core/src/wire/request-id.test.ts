import { expect, test } from 'vitest'
import { encodings as known } from '../test-support/encodings.js'
import type { SentRequest } from './quotation.js'
import { safeRequestId } from './request-id.js'

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
