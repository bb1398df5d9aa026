const maxLength = 500

/** A reason as a header value: {@link visibleAscii}, cut at 500 characters. */
export function headerText(text: string): string {
  const visible = visibleAscii(text)
  return visible.length > maxLength ? `${visible.slice(0, maxLength - 3)}...` : visible
}

/** The header with what looks like a mistake in a request that is served; no header when nothing does. */
export function warningHeader(warnings: readonly string[]): Readonly<Record<string, string>> {
  return warnings.length === 0 ? {} : { 'x-emulator-warning': headerText(warnings.join(' ')) }
}

/**
 * Text that can stand in a header and on a terminal: visible ASCII and spaces as they are, everything else
 * percent-encoded. User IDs and channel names in a reason may hold anything, line breaks included.
 */
export function visibleAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, percentEncode)
}

function percentEncode(text: string): string {
  // Not encodeURIComponent, which throws on half a surrogate pair.
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** A user ID or channel name inside a sentence: bare when it is one plain word, else quoted. */
export function named(id: string): string {
  return /^[\w.@-]{1,64}$/.test(id) ? id : JSON.stringify(id)
}
