/**
 * A path for errors, logs and traces.
 *
 * Runs of 32 hexadecimal characters are shortened, including the App ID. An app certificate and a customer secret look
 * the same. If one stands in the place of the App ID, it is in every path. Tokens are removed.
 */
export function shownPath(path: string): string {
  return path.replaceAll(/007[\w+/=%-]{24,}/g, '[token]').replaceAll(/[0-9a-f]{32}/gi, shortenedId)
}

/** Enough of an App ID to tell it from others. */
export function shortenedId(id: string): string {
  return `${id.slice(0, 4)}…${id.slice(-4)}`
}
