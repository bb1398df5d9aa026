import type { Clock } from './agora-clock.js'

/** What one call sends to prove who it is, and what to say when Agora does not believe it. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  /** The parts of the headers that must not be repeated anywhere, should Agora's answer echo them. */
  readonly secrets: readonly string[]
  /**
   * What a developer should check when this authorization is refused. Holds no secret.
   *
   * @param refused Who was refused it, where that is known.
   */
  explainRefusal(refused?: RefusedClient): string
}

/** A client that Agora does not believe. */
export interface RefusedClient {
  readonly appId: string
  readonly clock: Clock
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
  /**
   * The authorization for a call that acts for `userId`, or for {@link userId} when the call acts for nobody.
   *
   * @param clock What dates tokens and ends them. Default: the clock of the machine.
   */
  authorize(userId: string | undefined, clock?: Clock): Authorization | Promise<Authorization>
  /**
   * Told that Agora answered 401 to `refused`. Whether there is something new to try: `false` when asking
   * {@link authorize} again would give the same. A client asks once for each call.
   */
  renew(userId: string | undefined, refused: Authorization): boolean
}
