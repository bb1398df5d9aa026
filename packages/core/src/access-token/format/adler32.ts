const modulus = 65_521

/**
 * The checksum at the end of a zlib stream, over the bytes from `start` to before `end`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1950
 */
export function adler32(bytes: Uint8Array, start: number, end: number): number {
  let low = 1
  let high = 0
  // A payload has at most 64 KiB: the sums stay exact without a modulus at each step.
  for (let position = start; position < end; position += 1) {
    low += bytes[position] ?? 0
    high += low
  }
  return (high % modulus) * 0x1_0000 + (low % modulus)
}
