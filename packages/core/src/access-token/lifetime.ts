import { maxTtlSeconds } from '../input/times.js'

/*
 * The times of a token. Lifetimes count from the time of issue. Sums are plain numbers and do not wrap at 32 bits.
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

/** The first second in which a privilege is no longer good. A lifetime of 0 means as long as the token. */
export function privilegeEndSeconds(token: TokenLifetime, privilegeTtlSeconds: number): number {
  const tokenEnd = tokenEndSeconds(token)
  return privilegeTtlSeconds === 0
    ? tokenEnd
    : Math.min(tokenEnd, token.issuedAtSeconds + privilegeTtlSeconds)
}
