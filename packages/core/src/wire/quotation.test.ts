import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildSignalingToken } from '../access-token/build.js'
import { appCertificate, appId } from '../test-support/account.js'
import { knownWords } from './known-words.js'
import { quotable } from './quotation.js'
import type { SentRequest } from './quotation.js'

const nothing: SentRequest = { secrets: [], path: '/', shownPath: '/' }
const quoted = (text: string, sent: Partial<SentRequest> = {}): string | undefined =>
  quotable(text, { ...nothing, ...sent })

describe('what Agora, its gateways and our emulator say is quoted whole:', () => {
  test.each([
    'no Route matched with those values',
    'invalid token',
    'Unauthorized',
    'message_dropped',
    'Sync Server Error',
    "The appID doesn't have History features enabled",
    "The client isn't authorized to perform this operation.",
    "The format of the request body you supplied isn't supported. The request body must be in JSON format.",
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    'An invalid response was received from the upstream server',
    'API rate limit exceeded',
    'The customer secret does not match the customer ID.',
    'The emulator does not know this customer ID. Use the AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET it was started with.',
    'Over 500 requests in one second (messages): wait for the next second.',
    'The query names start twice: send it once.',
    'No call has this path.',
  ])('%s', (text) => {
    expect(quoted(text)).toBe(text)
  })

  test('a page of a gateway by its words', () => {
    const page = `<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>`
    expect(quoted(page)).toBe('502 Bad Gateway 502 Bad Gateway nginx')
  })
})

describe('what is not known is not quoted:', () => {
  test('the rest of the sentence still is', () => {
    expect(
      quoted('The token is for user xyzzy, the path says alice.', { shownPath: '/rtm/users/alice' }),
    ).toBe('The token is for user … the path says alice.')
    expect(quoted('xyzzy: invalid token')).toBe('… invalid token')
  })

  test('whom the token was for is said: it is no secret', () => {
    const token = buildSignalingToken({ appId, appCertificate, userId: 'demo-mallory', ttlSeconds: 60 })
    const reason = 'The token is for user demo-mallory, the path says demo-alice.'
    expect(quoted(reason, { secrets: [token], shownPath: '/users/demo-alice' })).toBe(reason)
    expect(quoted(`${reason} ${token}`, { secrets: [token], shownPath: '/users/demo-alice' })).toBe(
      `${reason} …`,
    )
  })

  test('nothing, when no two words in a row are known', () => {
    for (const text of [
      'xyzzy',
      'xyzzy the xyzzy token xyzzy',
      'xyzzy to the xyzzy',
      '104 101 108 108 111',
      '日本語',
      '',
      ' \n',
      '<>',
    ])
      expect(quoted(text)).toBeUndefined()
  })

  test('words that were sent are none of the answer’s', () => {
    const body = JSON.stringify({ destination: 'bob', payload: 'Meet\nme in the secret room 4711' })
    expect(quoted('Meet me in the secret room 4711', { body })).toBeUndefined()
    expect(quoted('invalid payload: Meet me in the secret room 4711', { body })).toBe('invalid payload: …')
    expect(quoted('invalid token: summer group', { secrets: ['summer group'] })).toBe('invalid token: …')
    expect(quoted('invalid value summer group', { query: 'label=summer%20group' })).toBe('invalid value …')
  })

  test('words of every sentence are, beside others, though a payload has them, too', () => {
    const body = JSON.stringify({ destination: 'bob', payload: 'It is for the other user' })
    expect(quoted('The token is for nobody.', { body })).toBe('The token is for nobody.')
    for (const text of [
      'It is for the other user',
      'It is for the',
      'other',
      'xyzzy: It is for the other user',
    ])
      expect(quoted(text, { body })).toBeUndefined()
  })

  test('numbers in a row can be characters: one of them is shown', () => {
    expect(quoted('the codes are 104 101 108 108 111')).toBe('the codes are 104 …')
    expect(quoted('the number is 1234567')).toBe('the number is …')
  })
})

test('no text from outside gets more than 512 characters, another line or a control character into a message', () => {
  const long = quoted('the token is not valid\r\n\u001b[31m\u0000 '.repeat(50)) ?? ''
  expect(long).toHaveLength(512)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(quoted(`the token${a}is not${b}valid`) ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }),
  )
})

test('a text of megabytes is read in no time', () => {
  for (const piece of ['<', '<a', "a'", 'the token ', '\\u']) {
    const startedMs = performance.now()
    quoted(piece.repeat(3_000_000))
    expect(performance.now() - startedMs).toBeLessThan(1000)
  }
})

test('no known word could be a piece of a key', () => {
  const alike = [...knownWords].filter(
    (word) => /^[a-f]{4,}$/.test(word) || !/^(?:[a-z]+(?:'[a-z]{1,2})?|v\d)$/.test(word),
  )
  expect(alike).toEqual([])
})

test('whatever is made of unknown characters alone stays out, in any encoding', () => {
  const secret = '5ec2e75ec2e75ec2e75ec2e75ec2e75e'
  const words = /[a-z0-9]{2,}/gi
  fc.assert(
    fc.property(
      fc.nat(31),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(' ', '-', ':', '\n', ', '),
      (at, size, gap) => {
        const pieces = secret.slice(at).match(new RegExp(`.{1,${size}}`, 'g')) ?? []
        const text = quoted(`invalid customer secret: ${pieces.join(gap)}`, { secrets: [secret] }) ?? ''
        const rest = text.replace('invalid customer secret', '').match(words) ?? []
        expect(rest).toEqual([])
      },
    ),
  )
})
