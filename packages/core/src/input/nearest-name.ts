/**
 * Finds the name that was probably meant. Gives `undefined` when none is near.
 *
 * @example
 * nearestName('userID', ['userId', 'tenant']) // 'userId'
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.floor(name.length / 3))
  let nearest: string | undefined
  let least = allowed + 1
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest ?? known.find((candidate) => isPartOf(name.toLowerCase(), candidate.toLowerCase()))
}

/** `ttl` for `ttlSeconds`, `certificate` for `appCertificate`. */
function isPartOf(name: string, candidate: string): boolean {
  return name.length >= 3 && (candidate.startsWith(name) || candidate.endsWith(name))
}

/**
 * How many letters to add, drop, replace or exchange with their neighbour to turn one text into the other. Stops
 * counting at `enough`.
 */
function editDistance(from: string, to: string, enough: number): number {
  if (Math.abs(from.length - to.length) >= enough) return enough
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const replaced = (last[column - 1] ?? 0) + (same ? 0 : 1)
      const dropped = (last[column] ?? 0) + 1
      const added = (current[column - 1] ?? 0) + 1
      const areExchanged = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const exchanged = areExchanged ? (beforeLast[column - 2] ?? 0) + 1 : enough
      current.push(Math.min(replaced, dropped, added, exchanged))
    }
    beforeLast = last
    last = current
  }
  return last[to.length] ?? enough
}
