import { parseHttpDate } from '../input/http-date.js'

/** No limit of Agora's lasts longer. Whoever asks for more is not believed: our callers would wait for it. */
export const longestRetryAfterMs = 86_400_000

/**
 * Milliseconds to wait, out of a `Retry-After` header: seconds or an HTTP date, at most a day. Anything else is as good
 * as absent.
 *
 * @param nowMs The time on the clock of whoever wrote the date, in Unix milliseconds.
 */
export function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const askedMs = /^\d{1,10}$/.test(value) ? Number(value) * 1000 : untilDate(value, nowMs)
  return askedMs === undefined ? undefined : Math.min(Math.max(0, askedMs), longestRetryAfterMs)
}

function untilDate(value: string, nowMs: number): number | undefined {
  const dateMs = parseHttpDate(value)
  return dateMs === undefined ? undefined : dateMs - nowMs
}
