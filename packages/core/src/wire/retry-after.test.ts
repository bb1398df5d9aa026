import { describe, expect, test } from 'vitest'
import { parseHttpDate } from '../input/http-date.js'
import { parseRetryAfter } from './retry-after.js'

const nowMs = Date.parse('2026-01-01T00:00:00Z')

describe('Retry-After is seconds or an HTTP date', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    ['0120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%s means %i milliseconds', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected)
  })
})

describe('Retry-After is a day at most, whatever a server asks for:', () => {
  test.each(['86401', '9999999999', 'Fri, 31 Dec 9999 23:59:59 GMT', 'Wed, 01 Jan 2200 00:00:00 GMT'])(
    '%s',
    (value) => {
      expect(parseRetryAfter(value, nowMs)).toBe(86_400_000)
    },
  )
})

describe('anything else is as good as no Retry-After:', () => {
  test.each([
    ['a negative number', '-5'],
    ['a fraction', '1.5'],
    ['400 digits', '9'.repeat(400)],
    ['11 digits', '99999999999'],
    ['an exponent', '1e3'],
    ['a hexadecimal number', '0x10'],
    ['infinity', 'Infinity'],
    ['nothing', ''],
    ['a space', ' '],
    ['two values', '1, 2'],
    ['a word', 'soon'],
    ['a unit', '5s'],
    ['digits of another script', '٥'],
    ['an ISO date', '2026-01-01T00:00:30Z'],
    ['a year', '2026 GMT'],
    ['a date that is none', 'Thu, 99 Jan 2026 00:00:30 GMT'],
    ['a date with more behind it', 'Thu, 01 Jan 2026 00:00:30 GMT, again'],
  ])('%s', (_, value) => {
    expect(parseRetryAfter(value, nowMs)).toBeUndefined()
  })
})

test('what Date writes is read back', () => {
  expect(parseHttpDate(new Date(nowMs).toUTCString())).toBe(nowMs)
})
