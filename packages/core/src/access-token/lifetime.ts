import { maxTtlSeconds } from './arguments.js'

/*
 * The times of a token. Lifetimes count from the time of issue; sums are plain numbers and never wrap at 32 bits.
 */

/** The times in the head of a token. */
export interface TokenLifetime {
  readonly issuedAtSeconds: number
  readonly ttlSeconds: number
}

/** The first second in which a token is no longer good. Agora ends every token after 24 hours, whatever it says. */
export function tokenEndSeconds({ issuedAtSeconds, ttlSeconds }: TokenLifetime): number {
  return issuedAtSeconds + Math.min(ttlSeconds, maxTtlSeconds)
}

/** The first second in which a privilege is no longer good. Its lifetime 0 means as long as the token. */
export function privilegeEndSeconds(token: TokenLifetime, privilegeTtlSeconds: number): number {
  const tokenEnd = tokenEndSeconds(token)
  return privilegeTtlSeconds === 0
    ? tokenEnd
    : Math.min(tokenEnd, token.issuedAtSeconds + privilegeTtlSeconds)
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
