/** Thousands apart, three figures that mean something. */
export function readable(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** A time per unit of work. */
export function micros(milliseconds: number): string {
  return `${readable(1000 * milliseconds)} µs`
}
