import { expect, test } from 'vitest'
import { mayHaveBeenSent } from '../client/send-many.js'
import { ExchangeFailed } from './exchange.js'
import { unanswered } from './unanswered.js'

const details = { method: 'POST', path: '/messages', attempts: [] }

function failureOf(systemCode: string, requestStarted: boolean): ReturnType<typeof unanswered> {
  const cause = Object.assign(new Error(systemCode), { code: systemCode })
  return unanswered(new ExchangeFailed(cause, requestStarted), 'api.agora.io', details, false)
}

test.each([
  ['ENOTFOUND', 'dns', 'ERR_DNS'],
  ['ECONNREFUSED', 'connect', 'ERR_CONNECTION_REFUSED'],
  ['EHOSTUNREACH', 'connect', 'ERR_CONNECTION_REFUSED'],
  ['EPROTO', 'connect', 'ERR_TLS'],
])('%s before anything was written is: %s', (systemCode, failure, code) => {
  expect(failureOf(systemCode, false)).toMatchObject({ failure, error: { code } })
})

test.each(['ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO', 'ECONNREFUSED'])(
  'after the request had left, %s is a broken connection, and the message may have been sent',
  (systemCode) => {
    const { failure, error } = failureOf(systemCode, true)
    expect({ failure, code: error.code }).toEqual({ failure: 'broken', code: 'ERR_CONNECTION_RESET' })
    const attempts = [
      { host: 'api.agora.io', failure: error.code, requestStarted: true, durationMs: 1, waitedMs: 0 },
    ]
    expect(mayHaveBeenSent(attempts)).toBe(true)
  },
)
