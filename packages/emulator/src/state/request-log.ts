/** How a request tried to authenticate. */
export type AuthenticationForm = 'none' | 'basic' | 'token' | 'x-agora' | 'token and x-agora'

/** One request the emulator answered. Holds no secret, no token and no payload. */
export interface RequestRecord {
  /** When the answer was ready, by the emulator's clock. */
  readonly at: Date
  readonly method: string
  /** The path as it was sent, still percent-encoded; secrets and tokens are taken out. */
  readonly path: string
  /** The query as it was sent, without `?`; empty when there is none. Secrets and tokens are taken out. */
  readonly query: string
  readonly status: number
  /** Also set when the credentials were refused. */
  readonly authentication: AuthenticationForm
  /** The user the request acts for: the user in the path, else the user of the token. */
  readonly userId?: string
  /** The same as in the answer and its header `x-request-id`. */
  readonly requestId: string
  /** Why the request was refused, in words: the text of the header `x-emulator-reason`. */
  readonly reason?: string
  /** What looks like a mistake though it is legal: the text of the header `x-emulator-warning`. */
  readonly warning?: string
  /** UTF-8 bytes of the message sent, for requests that send one. */
  readonly payloadBytes?: number
}
