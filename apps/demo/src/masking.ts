/** The first four characters: enough to recognise a value by, too little to use it. */
export function mask(value: string): string {
  return `${value.slice(0, 4)}…`
}

/** Finds an AccessToken2 in a text, whatever stands around it. */
const token = /007[A-Za-z0-9+/=_-]{20,}/g

/**
 * Masks values wherever they stand in a text, and every token: for lines that hold the words of others, such as
 * error messages.
 */
export function createMasker(values: readonly string[]): (text: string) => string {
  const masked = values.filter((value) => value !== '').map((value) => [value, mask(value)] as const)
  return (text) =>
    masked.reduce((line, [value, shown]) => line.replaceAll(value, shown), text.replace(token, mask))
}
