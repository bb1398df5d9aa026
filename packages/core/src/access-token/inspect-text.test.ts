import { describe, expect, it } from 'vitest'
import { codes, inspect, message, nowSeconds, otherAppId, token } from './inspected.test.data.js'
import { refused } from './known-answers.test.data.js'
import { parseAccessToken2 } from './parse.js'

describe('inspectToken of what is no token', () => {
  it.each([
    ['an unset environment variable', undefined, 'TOKEN_MISSING', 'is the environment variable set'],
    ['null from a database', null, 'TOKEN_MISSING', 'is null'],
    ['an empty string', '', 'TOKEN_EMPTY', 'is empty'],
    ['white space only', ' \n', 'TOKEN_EMPTY', 'is empty'],
    ['quotation marks with nothing inside', '""', 'TOKEN_EMPTY', 'no token inside'],
    ['undefined made into text', 'undefined', 'TOKEN_PLACEHOLDER', 'the word undefined'],
    ['a promise made into text', '[object Promise]', 'TOKEN_PLACEHOLDER', '[object Promise]'],
    ['a number', 7, 'TOKEN_NOT_TEXT', 'is a number'],
    ['a promise that was not awaited', Promise.resolve('007'), 'TOKEN_NOT_TEXT', 'await it'],
    ['the object around a token', { token }, 'TOKEN_NOT_TEXT', 'property token'],
    ['a list', [token], 'TOKEN_NOT_TEXT', 'an array'],
    ['a Buffer', Buffer.from(token), 'TOKEN_NOT_TEXT', 'toString'],
    ['the legacy format', `006${otherAppId}IAB`, 'LEGACY_ACCESS_TOKEN', '006 is the legacy AccessToken'],
    ['an older dynamic key', '005AQAoADVG', 'LEGACY_ACCESS_TOKEN', 'starts with 005'],
    [
      'a SignalingToken of before 2020',
      `1:${otherAppId}:1700000000:${'c'.repeat(32)}`,
      'LEGACY_SIGNALING_TOKEN',
      '1:<App ID>',
    ],
    ['a session token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'JSON_WEB_TOKEN', 'looks like a JWT'],
    [
      'the answer of a token server',
      `{"token":"${token}"}`,
      'RESPONSE_BODY',
      'the field that holds the token',
    ],
    ['an error page', '<!doctype html>', 'RESPONSE_BODY', 'HTML'],
    ['an App ID', otherAppId, 'APP_ID_OR_CERTIFICATE', 'arguments swapped'],
    ['an HTTP Basic header', 'Basic Y3VzdG9tZXI6c2VjcmV0', 'BASIC_CREDENTIALS', 'customer ID and secret'],
    ['another version', token.replace('007', '008'), 'UNKNOWN_FORMAT', 'does not start with 007'],
    ['some text', 'hello', 'UNKNOWN_FORMAT', 'does not start with 007'],
  ] as const)('%s', (_what, value, code, words) => {
    const report = inspect(value)
    expect(report.ok).toBe(false)
    expect(report).not.toHaveProperty('token')
    expect(message(report, code)).toContain(words)
    expect(report.summary).toContain(report.findings[0]?.message)
  })
})

describe('inspectToken of a token to which something happened on its way', () => {
  it.each([
    ['a line break at the end', `${token}\r\n`, ['LINE_BREAK'], 'CR, LF'],
    ['a line break inside', `${token.slice(0, 76)}\n${token.slice(76)}`, ['LINE_BREAK'], 'inside'],
    ['a space in front', ` ${token}`, ['WHITE_SPACE'], 'Trim it'],
    ['quotation marks', `"${token}"`, ['QUOTED'], 'quotation marks'],
    [
      'Bearer in front',
      `Bearer ${token}`,
      ['AUTHORIZATION_SCHEME'],
      'still has its Authorization scheme in front',
    ],
    ['agora token= in front', `agora token=${token}`, ['AUTHORIZATION_SCHEME'], 'agora token='],
    [
      'a whole header line',
      `Authorization: agora token="${token}"\n`,
      ['LINE_BREAK', 'AUTHORIZATION_SCHEME', 'QUOTED'],
      'line break',
    ],
    ['percent-encoding', encodeURIComponent(token), ['PERCENT_ENCODED'], 'decodeURIComponent'],
    ['percent-encoding twice', encodeURIComponent(encodeURIComponent(token)), ['PERCENT_ENCODED'], 'URL'],
    ['spaces for +', token.replaceAll('+', ' '), ['SPACES_FOR_PLUS'], 'encodeURIComponent'],
    [
      'the URL-safe alphabet',
      token.replaceAll('+', '-').replaceAll('/', '_'),
      ['URL_SAFE_BASE64'],
      'URL-safe Base64',
    ],
    [
      'the URL-safe alphabet without padding',
      token.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      ['URL_SAFE_BASE64', 'PADDING_MISSING'],
      'URL-safe Base64',
    ],
    ['no padding', token.replaceAll('=', ''), ['PADDING_MISSING'], 'padding'],
    ['no 007', token.slice(3), ['PREFIX_MISSING'], '007'],
    ['007 twice', `007${token}`, ['PREFIX_TWICE'], 'twice'],
  ] as const)('%s: names it, and inspects the token inside', (_what, text, expected, words) => {
    const report = inspect(text)
    expect(report.ok).toBe(false)
    expect(codes(report)).toEqual(expected)
    expect(report.summary).toContain(words)
    expect(report.token).toEqual(parseAccessToken2(token))
  })

  it('reports what is wrong inside as well, not only the first thing', () => {
    const report = inspect(`Bearer ${token}\n`, {
      appId: otherAppId,
      userId: 'bob',
      nowSeconds: nowSeconds + 3600,
    })
    expect(codes(report)).toEqual([
      'LINE_BREAK',
      'AUTHORIZATION_SCHEME',
      'APP_ID_MISMATCH',
      'EXPIRED',
      'USER_ID_MISMATCH',
    ])
    expect(report.summary).toContain('(And 4 more.)')
  })

  it('cut off anywhere, or shortened for display', () => {
    for (let length = 3; length < token.length - 2; length += 1) {
      expect(codes(inspect(token.slice(0, length))), `${length} characters`).toEqual(['TRUNCATED'])
    }
    expect(codes(inspect(`${token.slice(0, 40)}...`))).toEqual(['TRUNCATED'])
    expect(codes(inspect(`${token.slice(0, 40)}…`))).toEqual(['TRUNCATED'])
  })

  it('damaged inside', () => {
    const other = token[70] === 'A' ? 'B' : 'A'
    expect(codes(inspect(`${token.slice(0, 70)}${other}${token.slice(71)}`))).toEqual(['DAMAGED'])
    expect(codes(inspect(`${token.slice(0, 70)}*${token.slice(71)}`))).toEqual(['DAMAGED'])
  })

  it('far too long, or wrapped more often than happens by mistake: no work is spent on it', () => {
    for (const length of [9000, 1_000_000]) {
      expect(message(inspect(`007${'A'.repeat(length)}`), 'TOO_LONG')).toContain('at most 8192')
    }
    expect(codes(inspect(` Bearer ${'A'.repeat(40_000)}`))).toEqual(['TOO_LONG'])
    expect(codes(inspect('"'.repeat(30_000)))).toEqual(['QUOTED', 'UNKNOWN_FORMAT'])
  })

  it('made by a builder that is not sound', () => {
    const entry = refused.find(({ id }) => id === 'st-dup-privilege')
    expect(message(inspect(entry?.token), 'MALFORMED')).toContain('lists privilege 1 twice')
  })
})
