import { AgoraConfigError } from '@agora-signaling/core'
import type { Warn } from './warnings.js'

/** The last millisecond of the year 9999, after which a date no longer fits into a header. */
const lastMs = 253_402_300_799_999

const expected = 'now of createEmulator() must give Unix time in milliseconds, a number like Date.now().'

/**
 * The developer's clock, called once here as a test. When it fails later, there is a warning and the time stands still,
 * because every answer needs a time.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when it does not give a time.
 */
export function createClock(now: () => unknown, warn: Warn): () => number {
  const first = read(now)
  if (first === undefined) throw new AgoraConfigError('ERR_CONFIG_INVALID', expected)
  let last = first
  return () => {
    const time = read(now)
    if (time === undefined) warn(`${expected} It did not, so the time stands still.`)
    else last = time
    return last
  }
}

function read(now: () => unknown): number | undefined {
  try {
    const ms = now()
    return typeof ms === 'number' && ms >= 0 && ms <= lastMs ? ms : undefined
  } catch {
    return undefined
  }
}
