import * as fc from 'fast-check'

// fast-check has a unit "binary" for this, but it takes seconds to set up.
const character = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10_ffff }),
  )
  .map((codePoint) => String.fromCodePoint(codePoint))

/** Well-formed text of the whole of Unicode, of so many bytes in UTF-8 at most. */
export function anyText(minBytes: 0 | 1, maxBytes: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: character, minLength: minBytes, maxLength: maxBytes })
    .map((text) => cutToBytes(text, maxBytes))
}

function cutToBytes(text: string, maxBytes: number): string {
  let cut = ''
  let bytes = 0
  for (const symbol of text) {
    bytes += Buffer.byteLength(symbol)
    if (bytes > maxBytes) break
    cut += symbol
  }
  return cut
}
