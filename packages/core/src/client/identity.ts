import { AgoraValidationError } from '../errors.js'
import { requireUserIdInPath } from '../input/identifiers.js'

/**
 * Whom a client acts for.
 *
 * - `service`: the back end itself. `userId` is the sender of messages that name none. With Basic a message may name
 *   another sender, with tokens it may not.
 * - `user`: exactly one user.
 * - `anonymous`: a request whose user is not known; it may not act for anyone.
 */
export type Identity =
  | { readonly kind: 'service'; readonly userId: string | undefined; readonly mayNameOthers: boolean }
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'anonymous'; readonly userId: undefined }

/**
 * The user a call acts for: the one it names, or the client's own.
 *
 * @param argument How the call names its user: `from`, `userId`.
 * @throws {AgoraValidationError} `ERR_SENDER_MISMATCH`, `ERR_IDENTITY_MISSING`, `ERR_INVALID_USER_ID`
 */
export function actingUser(identity: Identity, named: unknown, argument: string): string {
  if (identity.kind === 'anonymous') {
    throw new AgoraValidationError(
      'ERR_IDENTITY_MISSING',
      argument,
      'This request has no user to act for: the userId callback gave none. Sign the user in first, or act for one with client.as(userId).',
    )
  }
  if (identity.kind === 'user') return ownUser(identity.userId, named, argument)
  if (identity.userId !== undefined && !identity.mayNameOthers) {
    return ownUser(identity.userId, named, argument)
  }
  // Not `??`: a `null` where a user should have been must not become a message of the back end itself.
  const userId = named === undefined ? identity.userId : named
  if (userId !== undefined) return requireUserIdInPath(userId, argument)
  throw new AgoraValidationError(
    'ERR_INVALID_USER_ID',
    argument,
    `${argument} is missing: pass it, set AGORA_USER_ID, or use client.as(userId).`,
  )
}

/**
 * The user a token is issued for: the named user, or the user the client acts for. The back end itself has to name one:
 * its own token is not for a front end.
 *
 * @throws {AgoraValidationError} `ERR_SENDER_MISMATCH`, `ERR_IDENTITY_MISSING`
 */
export function userOfToken(identity: Identity, named: unknown): unknown {
  switch (identity.kind) {
    case 'service':
      return named
    case 'user':
      return ownUser(identity.userId, named, 'userId')
    case 'anonymous':
      return actingUser(identity, named, 'userId')
  }
}

function ownUser(userId: string, named: unknown, argument: string): string {
  if (named === undefined || named === userId) return userId
  throw new AgoraValidationError(
    'ERR_SENDER_MISMATCH',
    argument,
    `This client acts for user "${userId}" and for nobody else: leave out ${argument}, or use client.as(otherUserId).`,
  )
}
