import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAnswer } from './answer.js'
import type { ApiAnswer } from './answer.js'

function read(
  body: unknown,
  {
    status = 200,
    headers = {},
    secrets = [],
  }: { status?: number; headers?: Record<string, string | string[]>; secrets?: string[] } = {},
): ApiAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readAnswer({ status, headers, body: Buffer.from(text) }, { secrets }, Date.now())
}

describe('every family of bodies says what went wrong and which request it was', () => {
  test.each([
    [
      'of the project API',
      400,
      { result: 'failed', request_id: '123', code: 'invalid_request', reason: 'no payload' },
      'no payload',
      '123',
    ],
    [
      'of the project API without a reason',
      400,
      { result: 'failed', request_id: '123', code: 'invalid_request' },
      'invalid_request',
      '123',
    ],
    [
      'of message history',
      500,
      {
        data: null,
        error: true,
        errorCode: 500,
        operation: 'history',
        reason: 'Sync Server Error',
        requestId: '7966661_181',
      },
      'Sync Server Error',
      '7966661_181',
    ],
    [
      'of the gateway',
      404,
      { message: 'no Route matched with those values' },
      'no Route matched with those values',
      undefined,
    ],
    ['of the token service', 401, { message: 'invalid token' }, 'invalid token', undefined],
    ['of the console', 400, { status: 'error', message: 'duplicate name' }, 'duplicate name', undefined],
    ['of older services', 400, { msg: 'bad' }, 'bad', undefined],
    [
      'of OAuth-like services',
      401,
      { error: 'invalid_client', error_description: 'no such client' },
      'no such client',
      undefined,
    ],
    ['that says it in its own words', 400, { detail: 'nope' }, '{"detail":"nope"}', undefined],
    ['that is a JSON text', 400, '"nope"', '"nope"', undefined],
    [
      'that is no JSON',
      502,
      '<html>\n<h1>502 Bad Gateway</h1>\n</html>',
      '<html> <h1>502 Bad Gateway</h1> </html>',
      undefined,
    ],
    ['that is empty', 503, '', undefined, undefined],
  ])('%s', (_, status, body, words, requestId) => {
    expect(read(body, { status })).toMatchObject({ status, problem: words, requestId })
  })

  test('the request ID of the header counts when the body has none', () => {
    const headers = { 'x-request-id': 'from-header' }
    expect(read({}, { headers }).requestId).toBe('from-header')
    expect(read('<html>', { headers, status: 502 }).requestId).toBe('from-header')
    expect(read({ request_id: 'from-body' }, { headers }).requestId).toBe('from-body')
    expect(read({ requestId: 'from-body' }, { headers }).requestId).toBe('from-body')
  })

  test.each(['request_id', 'requestId'])('%s above 2^53 keeps every digit, quoted or not', (name) => {
    expect(read(`{"${name}":"10116762670167749259"}`).requestId).toBe('10116762670167749259')
    expect(read(`{ "${name}" : 10116762670167749259 }`).requestId).toBe('10116762670167749259')
    expect(read(`{"${name}":42}`).requestId).toBe('42')
  })
})

describe('HTTP 200 that is no success', () => {
  test.each([
    [{ error: true, errorCode: 500, reason: 'Sync Server Error' }, 500],
    [{ error: false, errorCode: 403 }, 403],
    [{ error: true, errorCode: 200 }, 500],
    [{ error: true }, 500],
    [{ errorCode: 0 }, 500],
    [{ error: true, errorCode: 0 }, 500],
    [{ result: 'failed', request_id: '1' }, 500],
  ])('%j counts as %d', (body, status) => {
    expect(read(body).status).toBe(status)
  })

  test.each([{ errorCode: 200, error: false }, { result: 'success' }, {}, { error: null }])(
    '%j is one',
    (body) => {
      expect(read(body)).toMatchObject({ status: 200, problem: undefined })
    },
  )

  test('does not change what an error status says', () => {
    expect(read({ errorCode: 500, error: true }, { status: 401 }).status).toBe(401)
  })
})

function problem(text: string, secrets: string[] = []): string {
  return read(text, { status: 502, secrets }).problem ?? ''
}

describe('what is quoted of an answer', () => {
  test('is cut short, on one line, without control characters', () => {
    const quoted = problem(`<pre>\r\n\u001b[31m${'x'.repeat(10_000)}`)
    expect(quoted).toHaveLength(512)
    expect(quoted).toMatch(/^<pre> \[31mx+$/)
  })

  test('is not quoted when it should have been JSON: it may hold messages or certificates', () => {
    const body = '{"projects":[{"sign_key":"canary"'
    expect(read(body).notJson).toBe(`JSON that is damaged or cut off (${body.length} bytes)`)
    expect(problem(body)).not.toContain('canary')
    expect(read(' \n[1,2').notJson).toContain('cut off')
  })

  test('holds no secret of the request, wherever it stands', () => {
    const secret = 'canary+with/special=chars'
    fc.assert(
      fc.property(fc.nat(1500), fc.nat(3), (before, repeated) => {
        const quoted = problem(`${'x'.repeat(before)}${` ${secret}`.repeat(repeated)}`, [secret])
        expect(quoted).not.toContain('canary')
      }),
    )
  })

  test('holds nothing that looks like a token or like Basic credentials', () => {
    const token = `007eJxTYG${'Ab1+/'.repeat(20)}==`
    for (const text of [
      `token=${token}`,
      `Authorization: agora token="${token}"`,
      'Basic a2V5OnNlY3JldA==',
      'basic  a2V5OnNlY3JldA==',
    ]) {
      const quoted = problem(`refused: ${text}.`)
      expect(quoted).toMatch(/^refused: .*\[(?:token|credentials)\]/)
      expect(quoted).not.toMatch(/eJxTYG|a2V5/)
    }
  })

  test('the emulator’s reason is cleaned in the same way', () => {
    const headers = { 'x-emulator-reason': 'the token canary is for alice' }
    expect(read({}, { status: 401, headers, secrets: ['canary'] }).emulatorReason).toBe(
      'the token [concealed] is for alice',
    )
  })
})

function wait(headers: Record<string, string | string[]>): number | undefined {
  return read('', { status: 429, headers }).retryAfterMs
}

describe('Retry-After', () => {
  test('of several, the first counts', () => {
    expect(wait({ 'retry-after': ['2', '5'] })).toBe(2000)
  })

  test('as a date is meant by the clock of the answer, however wrong ours is', () => {
    const date = 'Wed, 01 Jan 2020 00:00:00 GMT'
    expect(wait({ date, 'retry-after': 'Wed, 01 Jan 2020 00:00:07 GMT' })).toBe(7000)
    expect(wait({ date: 'now', 'retry-after': new Date(Date.now() - 1000).toUTCString() })).toBe(0)
  })
})
