/** What one call sends to prove who it is, and what to say when Agora does not believe it. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  /** The parts of the headers that must not be repeated anywhere, should Agora's answer echo them. */
  readonly secrets: readonly string[]
  /** What a developer should check when this authorization is refused. Holds no secret. */
  explainRefusal(): string
}

/**
 * How a client authenticates. Made by `basicAuth`, `accessToken2Auth` or `tokenAuth`.
 *
 * A strategy knows users, never URLs or messages.
 */
export interface AuthStrategy {
  readonly kind: 'basic' | 'access-token2' | 'token'
  /** The user a call acts for when it names none. `undefined`: every call has to name its user (Basic). */
  readonly userId: string | undefined
  /** Whether calls may act for this user. */
  canActFor(userId: string): boolean
  /** The authorization for a call that acts for `userId`, or for {@link userId} when the call acts for nobody. */
  authorize(userId: string | undefined): Authorization | Promise<Authorization>
  /**
   * Told that Agora answered 401 to `refused`; gives nothing when asking {@link authorize} again would give the same.
   * A client asks once for each call.
   *
   * @param serverTimeMs The time on Agora's clock, when its answer said so.
   */
  renew(
    userId: string | undefined,
    refused: Authorization,
    serverTimeMs: number | undefined,
  ): Renewal | undefined
}

/** There is something new to try after a 401. */
export interface Renewal {
  /** How far Agora's clock is ahead of ours, when that may have been the reason. */
  readonly clockSkewMs?: number
}
