const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

/**
 * Unix milliseconds of an HTTP date (RFC 9110, the form that servers have to send): `Thu, 01 Jan 2026 00:00:30 GMT`.
 *
 * `Date.parse` alone reads far more than dates: `-5` and `1.5` are two of them.
 */
export function parseHttpDate(value: string): number | undefined {
  if (!httpDate.test(value)) return undefined
  const dateMs = Date.parse(value)
  return Number.isNaN(dateMs) ? undefined : dateMs
}
