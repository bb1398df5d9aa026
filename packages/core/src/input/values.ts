import { aNumber, text, wholeNumber } from './rule.js'
import type { Rule } from './rule.js'
import { maxTtlSeconds } from './times.js'

/*
 * The types of values that have an error code of their own. The code is the same whether the type is wrong, found here,
 * or the value, found by the function that takes it.
 */

export const appIdText: Rule<string> = {
  ...text,
  expected: 'text: 32 hexadecimal characters',
  code: 'ERR_INVALID_APP_ID',
}

export const appCertificateText: Rule<string> = {
  ...text,
  expected: 'text: 32 hexadecimal characters',
  code: 'ERR_INVALID_APP_CERTIFICATE',
}

export const userIdText: Rule<string> = { ...text, code: 'ERR_INVALID_USER_ID' }

export const lifetimeInSeconds: Rule<number> = { ...aNumber('a number of seconds'), code: 'ERR_INVALID_TTL' }

/** A lifetime whose range is checked with its type. */
export const wholeLifetimeInSeconds: Rule<number> = {
  ...wholeNumber('seconds', 1, maxTtlSeconds),
  code: 'ERR_INVALID_TTL',
}
