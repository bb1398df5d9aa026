import { AgoraTokenError, AgoraValidationError } from '../../errors.js'
import { describe, isRecord } from '../../input/describe.js'
import { isUint16 } from '../../input/integer.js'
import { requireTtlSeconds } from '../../input/times.js'
import type { PayloadReader, PayloadWriter } from '../format/payload.js'

/**
 * Privilege number → lifetime in seconds from the time of issue, 0 to 86,400.
 * 0 means no limit of its own: the privilege lives as long as the token.
 */
export type ServicePrivileges = Readonly<Record<number, number>>

/**
 * Checks the privileges of a service and copies them.
 *
 * @throws {AgoraValidationError} `ERR_INVALID_SERVICE`, `ERR_INVALID_TTL`
 */
export function requirePrivileges(value: unknown, argument: string): ServicePrivileges {
  // A Map is an object without keys of its own. It would pass as a service that grants nothing.
  if (!isRecord(value) || value instanceof Map) {
    const got = value instanceof Map ? 'a Map' : describe(value)
    throw invalidPrivileges(argument, `must be an object such as { 1: 3600 }, got ${got}`)
  }
  const privileges: Record<number, number> = {}
  for (const key of Object.keys(value)) {
    const privilege = Number(key)
    if (!isUint16(privilege) || String(privilege) !== key) {
      throw invalidPrivileges(argument, 'must have privilege numbers from 0 to 65535 as its keys')
    }
    privileges[privilege] = requireTtlSeconds(value[key], `${argument}[${key}]`, 0)
  }
  return privileges
}

/** Writes the privileges in ascending order. JavaScript lists integer keys of an object in that order. */
export function writePrivileges(writer: PayloadWriter, privileges: ServicePrivileges): void {
  const entries = Object.entries(privileges)
  writer.u16(entries.length)
  for (const [privilege, seconds] of entries) {
    writer.u16(Number(privilege))
    writer.u32(seconds)
  }
}

/** @throws {AgoraTokenError} `ERR_TOKEN_STRUCTURE` */
export function readPrivileges(reader: PayloadReader): ServicePrivileges {
  const privileges: Record<number, number> = {}
  for (let count = reader.u16('a privilege count'); count > 0; count -= 1) {
    const privilege = reader.u16('a privilege number')
    // Official readers disagree on which of two entries counts, so such a token is refused.
    if (privileges[privilege] !== undefined) throw listedTwice(`privilege ${privilege}`)
    privileges[privilege] = reader.u32('a privilege lifetime')
  }
  return privileges
}

/** The error for a token that says the same thing twice. */
export function listedTwice(what: string): AgoraTokenError {
  return new AgoraTokenError('ERR_TOKEN_STRUCTURE', `The token is malformed: it lists ${what} twice.`)
}

function invalidPrivileges(argument: string, problem: string): AgoraValidationError {
  return new AgoraValidationError('ERR_INVALID_SERVICE', argument, `${argument} ${problem}.`)
}
