import { isIP } from 'node:net'
import type { Rule } from '@agora-signaling/core/adapter'
import { hostNameAlone } from './http/host-name.js'

/*
 * Rules for options that only the emulator has.
 */

export const tcpPort: Rule<number> = {
  expected: 'a whole number from 0 to 65535',
  accepts: (value): value is number => isWholeNumber(value, 0, 65_535),
}

export const address: Rule<string> = {
  expected: 'an address or host name, for instance 127.0.0.1',
  // An IPv6 address may name its network interface, which host names cannot.
  accepts: (value): value is string =>
    typeof value === 'string' && (isIP(value) !== 0 || hostNameAlone(value) !== undefined),
}

/** One of the names in `allowedHosts`. */
export const hostName: Rule<string> = {
  expected: 'a host name or an address, without scheme and port',
  accepts: (value): value is string => typeof value === 'string' && hostNameAlone(value) !== undefined,
}

/** A count of things to keep. */
export const recordCount: Rule<number> = {
  expected: 'a whole number from 1 to 10000000',
  accepts: (value): value is number => isWholeNumber(value, 1, 10_000_000),
}

export const delayMs: Rule<number> = {
  expected: 'a whole number of milliseconds from 0 to 3600000',
  accepts: (value): value is number => isWholeNumber(value, 0, 3_600_000),
}

export const projectsStatus: Rule<200 | 201> = {
  expected: '200 or 201',
  accepts: (value): value is 200 | 201 => value === 200 || value === 201,
}

export const textOrBytes: Rule<string | Uint8Array> = {
  expected: 'text, or bytes in a Uint8Array',
  accepts: (value): value is string | Uint8Array => typeof value === 'string' || value instanceof Uint8Array,
}

function isWholeNumber(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}
