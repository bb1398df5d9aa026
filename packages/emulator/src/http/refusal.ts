/** What went wrong, as far as the answer's status and body depend on it. */
export type RefusalKind =
  | 'no-route'
  | 'wrong-method'
  | 'invalid-request'
  | 'not-json'
  | 'unauthorized'
  | 'invalid-token'
  | 'wrong-app-id'
  | 'history-off'
  | 'rate-limited'
  | 'internal'

/**
 * The end of a request that the emulator does not serve. `message` is the reason in words: what is wrong and what to
 * do, never a secret, a token or a payload.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>

  constructor(kind: RefusalKind, reason: string, headers: Readonly<Record<string, string>> = {}) {
    super(reason)
    this.kind = kind
    this.headers = headers
  }
}
