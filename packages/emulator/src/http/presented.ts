import type { EmulatorCredentials } from '../credentials.js'
import type { AuthenticationForm } from '../state/request-log.js'

/** What the headers of a request say about who is calling, before any of it is believed. */
export type Presented =
  | { readonly form: 'basic'; readonly encoded: string }
  | PresentedToken
  | { readonly form: AuthenticationForm; readonly problem: string }

export interface PresentedToken {
  readonly form: 'token' | 'x-agora' | 'token and x-agora'
  readonly token: string
  /** The header `x-agora-uid`. */
  readonly uid?: string
}

/** What the presented credentials are held against. */
export interface AuthenticationRules {
  readonly credentials: EmulatorCredentials
  readonly nowSeconds: number
  /** The console calls know no tokens. */
  readonly basicOnly: boolean
  /** The user in the path, when there is one: a token acts for its own user alone. */
  readonly pathUserId: string | undefined
  /** The App ID in the path, when there is one. */
  readonly pathAppId: string | undefined
}
