/*
 * How user IDs, lengths of time and points in time read in a message.
 */

/**
 * A user ID for a message: quoted, escaped, and cut if it is long. Callers mix up arguments, so it may be a token or a
 * secret. Neither may reach a log.
 */
export function quote(text: string, secrets: readonly string[] = []): string {
  if (text.length > 64 && text.startsWith('007')) return '(what looks like a token)'
  if (secrets.some((secret) => text.includes(secret))) return '(the app certificate)'
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)
}

/**
 * Explains a difference between two IDs that is hard to see. The result follows the two IDs in a sentence. It is empty
 * when there is nothing to add.
 */
export function explainDifference(expected: string, held: string): string {
  if (held.toLowerCase() === expected.toLowerCase()) return ', which differs only in case'
  if (held.trim() === expected.trim()) return ', which differs only in surrounding white space'
  if (held.normalize('NFC') === expected.normalize('NFC')) {
    return ', which looks the same but is another Unicode form (NFC, NFD)'
  }
  if (visible(held) === visible(expected)) return ', which differs only in invisible characters'
  if (/^\d+$/.test(held)) return ', which is a number: was an RTC uid taken for a user ID?'
  return ''
}

function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
}

const units = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
] as const

/** A length of time in one unit, rounded down: `12 minutes`. */
export function describeDuration(seconds: number): string {
  const unit = units.find((candidate) => seconds >= candidate.seconds) ?? { name: 'second', seconds: 1 }
  const count = Math.floor(seconds / unit.seconds)
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`
}

/** A point in time as ISO 8601 without fractions. Seconds of 32 bits always have one. */
export function describeTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z')
}
