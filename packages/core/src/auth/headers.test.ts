import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thrownBy } from '../test-support/failures.js'
import { basicAuthHeaders, tokenAuthHeaders } from './headers.js'
import type { TokenHeaderStyle } from './header-style.js'

describe('basicAuthHeaders', () => {
  test.each([
    // The example of RFC 7617, section 2.
    ['Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    // The example of section 2.1: the pound sign as UTF-8.
    ['test', '123£', 'Basic dGVzdDoxMjPCow=='],
    ['key', 'secret', 'Basic a2V5OnNlY3JldA=='],
    ['key', 'with:colons:', 'Basic a2V5OndpdGg6Y29sb25zOg=='],
  ])('%s and %s give %s', (customerId, customerSecret, authorization) => {
    expect(basicAuthHeaders({ customerId, customerSecret })).toEqual({ authorization })
  })

  test('the header decodes back to the pair, whatever characters it is made of', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/\p{Cc}/u.test(value))
    const id = text.filter((value) => !value.includes(':'))
    fc.assert(
      fc.property(id, text, (customerId, customerSecret) => {
        const { authorization } = basicAuthHeaders({ customerId, customerSecret })
        expect(authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
        const decoded = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8')
        expect(decoded).toBe(`${customerId}:${customerSecret}`)
      }),
    )
  })

  test('a customer ID with a colon is refused: it is usually the whole pair in one string', () => {
    const error = thrownBy(() => basicAuthHeaders({ customerId: 'key:canary', customerSecret: 'secret' }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_CREDENTIAL', argument: 'customerId' })
    expect(error.message).not.toContain('canary')
  })

  test.each(['\0', '\t', '\n', '\r\n', '\u001f', '\u007f'])(
    'control character %j is refused in either half',
    (character) => {
      expect(
        thrownBy(() => basicAuthHeaders({ customerId: `key${character}`, customerSecret: 'secret' })),
      ).toMatchObject({ code: 'ERR_INVALID_CREDENTIAL', argument: 'customerId' })
      const error = thrownBy(() =>
        basicAuthHeaders({ customerId: 'key', customerSecret: `canary${character}` }),
      )
      expect(error).toMatchObject({ code: 'ERR_INVALID_CREDENTIAL', argument: 'customerSecret' })
      expect(error.message).not.toContain('canary')
    },
  )

  test('an empty half is missing: the error names the option, the variable and the console page', () => {
    const noId = thrownBy(() => basicAuthHeaders({ customerId: '', customerSecret: 'secret' }))
    expect(noId).toMatchObject({ name: 'AgoraConfigError', code: 'ERR_CONFIG_MISSING' })
    expect(noId.message).toMatch(
      /customerId.*AGORA_CUSTOMER_ID.*Agora Console → Developer Toolkit → RESTful API/,
    )
    const noSecret = thrownBy(() => basicAuthHeaders({ customerId: 'key', customerSecret: '' }))
    expect(noSecret.message).toMatch(/customerSecret.*AGORA_CUSTOMER_SECRET/)
  })
})

describe('tokenAuthHeaders', () => {
  const token = '007eJxTYGBgYGBgYGBgYGBg'

  test('sends the token in Authorization unless told otherwise', () => {
    expect(tokenAuthHeaders({ token })).toEqual({ authorization: `agora token=${token}` })
    expect(tokenAuthHeaders({ token, headerStyle: undefined })).toEqual(tokenAuthHeaders({ token }))
  })

  test('knows three styles', () => {
    const styled = (headerStyle: TokenHeaderStyle) =>
      tokenAuthHeaders({ token, userId: 'alice', headerStyle })
    expect(styled('authorization')).toEqual({ authorization: `agora token=${token}` })
    expect(styled('x-agora')).toEqual({ 'x-agora-token': token, 'x-agora-uid': 'alice' })
    expect(styled('both')).toEqual({
      authorization: `agora token=${token}`,
      'x-agora-token': token,
      'x-agora-uid': 'alice',
    })
  })

  test.each(['x-agora', 'both'] as const)('style %s needs the user the token was made for', (headerStyle) => {
    const error = thrownBy(() => tokenAuthHeaders({ token, headerStyle }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument: 'userId' })
  })

  test.each(['alice\r\nx-admin: 1', 'ålice', ' alice', 'alice ', ''])(
    'user ID %j cannot stand in a header',
    (userId) => {
      const error = thrownBy(() => tokenAuthHeaders({ token, userId, headerStyle: 'x-agora' }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_USER_ID', argument: 'userId' })
    },
  )

  test('a user ID may hold spaces inside', () => {
    expect(tokenAuthHeaders({ token, userId: 'al ice', headerStyle: 'x-agora' })).toHaveProperty(
      'x-agora-uid',
      'al ice',
    )
  })

  test.each([
    ['a line feed', '007canary\nx-admin: 1'],
    ['a carriage return', '007canary\r'],
    ['both, so that a header could be added', '007canary\r\nx-admin: 1'],
    ['a space at its end', '007canary '],
    ['a tab', '007\tcanary'],
    ['a null byte', '007canary\0'],
    ['a character outside ASCII', '007canaryé'],
  ])('a token with %s is refused, and not repeated', (_, bad) => {
    for (const headerStyle of ['authorization', 'x-agora', 'both'] as const) {
      const error = thrownBy(() => tokenAuthHeaders({ token: bad, userId: 'alice', headerStyle }))
      expect(error).toMatchObject({ code: 'ERR_INVALID_TOKEN', argument: 'token' })
      expect(error.message).not.toContain('canary')
    }
  })

  test('an empty token is refused', () => {
    expect(thrownBy(() => tokenAuthHeaders({ token: '' }))).toMatchObject({ code: 'ERR_INVALID_TOKEN' })
  })

  test('no text becomes a header that could hold a second one', () => {
    const character = fc.integer({ min: 0, max: 0x180 }).map((code) => String.fromCodePoint(code))
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 3 }), (text) => {
        let headers: Record<string, string>
        try {
          headers = tokenAuthHeaders({ token: text })
        } catch {
          return
        }
        expect(headers['authorization']).toMatch(/^agora token=[\x21-\x7e]+$/)
      }),
    )
  })

  test('an unknown style is refused by name', () => {
    const error = thrownBy(() =>
      Reflect.apply(tokenAuthHeaders, undefined, [{ token, headerStyle: 'bearer' }]),
    )
    expect(error.code).toBe('ERR_CONFIG_INVALID')
    expect(error.message).toMatch(
      /^headerStyle of tokenAuthHeaders\(\) must be "authorization" or "x-agora" or "both"/,
    )
  })
})
