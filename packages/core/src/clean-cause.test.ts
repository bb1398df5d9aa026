import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { cleanCause } from './clean-cause.js'

const canary = 'canary-payload'

function failure(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${canary} 10.0.0.1:443`), { code, ...more })
}

test('says which class of error it was, its code and the system call', () => {
  const cause = failure('ECONNREFUSED', { syscall: 'connect', address: canary, port: 443 })
  const clean = cleanCause(cause)
  expect(clean).toMatchObject({ name: 'Error', code: 'ECONNREFUSED', syscall: 'connect' })
  expect(clean.message).toBe('connect ECONNREFUSED')
  expect(Object.keys(clean)).toEqual(['code', 'syscall'])
})

test.each<[string, unknown]>([
  [
    'a parser error with the raw answer',
    Object.assign(failure('HPE_INVALID_CONSTANT'), { name: 'HTTPParserError', data: canary }),
  ],
  ['a socket error', failure('UND_ERR_SOCKET', { socket: { localAddress: canary, headers: canary } })],
  [
    'causes of causes',
    new Error(canary, { cause: failure('A', { cause: failure('B', { cause: canary }) }) }),
  ],
  ['one error per address', new AggregateError([failure('ECONNREFUSED'), failure('ETIMEDOUT')], canary)],
  ['a code that is none', failure(canary)],
  ['a name that is none', Object.assign(failure('EPIPE'), { name: `${canary}\u001b[31m` })],
  ['a text', canary],
  ['an object', { data: canary, message: canary }],
  ['nothing', undefined],
])('keeps nothing of the request or the answer: %s', (_, cause) => {
  const clean = cleanCause(cause)
  expect(clean).toBeInstanceOf(Error)
  expect(inspect(clean, { depth: Infinity, showHidden: true })).not.toContain(canary)
})

test('a circle of causes ends, and so do a thousand addresses', () => {
  const circle = failure('EPIPE')
  circle.cause = circle
  expect(cleanCause(circle)).toMatchObject({ code: 'EPIPE', cause: { code: 'EPIPE' } })
  const many = cleanCause(new AggregateError(Array.from({ length: 1000 }, () => failure('ECONNREFUSED'))))
  expect(many).toHaveProperty('errors.length', 8)
})
