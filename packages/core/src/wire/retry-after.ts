import { parseHttpDate } from '../input/http-date.js'

/** No limit of Agora lasts longer than a day. A longer wait is not believed, because callers would wait for it. */
export const longestRetryAfterMs = 86_400_000

/**
 * Reads a `Retry-After` header, seconds or an HTTP date, as milliseconds to wait: at most a day. Any other value is ignored.
 *
 * @param nowMs The time on the clock of the server that wrote the date, in Unix milliseconds.
 */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const askedMs = /^\d{1,10}$/.test(value) ? Number(value) * 1000 : untilDate(value, nowMs)
  return askedMs === undefined ? undefined : Math.min(Math.max(0, askedMs), longestRetryAfterMs)
}

function untilDate(value: string, nowMs: number): number | undefined {
  const dateMs = parseHttpDate(value)
  return dateMs === undefined ? undefined : dateMs - nowMs
}
