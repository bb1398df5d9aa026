import { SignalingClient } from '../client/client.js'

/**
 * Stands in for a client that could not be made. Whoever uses a member of it gets the reason as an error.
 *
 * It is for frameworks that inject one client at start-up. An injected `undefined` would not say what is missing.
 *
 * @example
 * try {
 *   return createSignalingClient(options)
 * } catch (error) {
 *   return new UnavailableClient(error)
 * }
 */
export class UnavailableClient {
  /** Why there is no client. */
  readonly reason: unknown

  constructor(reason: unknown) {
    this.reason = reason
    const get = (): never => {
      throw reason
    }
    // Members of a client alone. Frameworks look for members of their own, such as `then` or `onModuleInit`.
    for (const member of Object.getOwnPropertyNames(SignalingClient.prototype)) {
      if (member !== 'constructor') Object.defineProperty(this, member, { get })
    }
  }
}
