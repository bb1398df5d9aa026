import { describe, expect, test } from 'vitest'
import { readAnswer } from './answer.js'
import type { ApiAnswer } from './answer.js'

function read(
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string | string[]> } = {},
): ApiAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readAnswer(
    { status, headers, body: Buffer.from(text) },
    { secrets: [], path: '/', shownPath: '/' },
    Date.now(),
  )
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
    [
      'that says it in its own field',
      400,
      { detail: 'the name is not allowed' },
      'detail the name is not allowed',
      undefined,
    ],
    ['that is a JSON text', 400, '"not allowed"', 'not allowed', undefined],
    ['that is no JSON', 502, '<html>\n<h1>502 Bad Gateway</h1>\n</html>', '502 Bad Gateway', undefined],
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

test('JSON that is cut off is not quoted: it may hold messages or certificates', () => {
  const body = '{"projects":[{"sign_key":"canary"'
  const described = `JSON that is damaged or cut off (${body.length} bytes)`
  expect(read(body).notJson).toBe(described)
  expect(read(body, { status: 502 }).problem).toBe(described)
  expect(read(' \n[1,2').notJson).toContain('cut off')
})

test('what is not quoted is counted', () => {
  const shown = 'words that are not shown, since they may hold what was sent (10 bytes)'
  expect(read('xyzzyplugh', { status: 502 }).problem).toBe(shown)
  expect(read({ reason: 'xyzzyplugh' }, { status: 400 }).problem).toBe(shown)
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
