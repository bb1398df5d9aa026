import type { Clock } from './agora-clock.js'

/** The headers that authenticate one call, and the explanation when Agora refuses them. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  /** The parts of the headers that must not be printed, even if Agora's answer echoes them. */
  readonly secrets: readonly string[]
  /**
   * What a developer should check when this authorization is refused. Holds no secret.
   *
   * @param refused The client that Agora refused, if it is known.
   */
  explainRefusal(refused?: RefusedClient): string
}

/** A client that Agora refused. */
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
   * @param clock Gives the time at which tokens begin and end. Default: the clock of the machine.
   */
  authorize(userId: string | undefined, clock?: Clock): Authorization | Promise<Authorization>
  /**
   * Called when Agora answered 401 to `refused`. Says whether there is something new to try: `false` when
   * {@link authorize} would give the same again. A client calls it once for each call.
   */
  renew(userId: string | undefined, refused: Authorization): boolean
}
