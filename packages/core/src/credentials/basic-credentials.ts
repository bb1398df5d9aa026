/** Customer ID and customer secret of an Agora account: Agora Console → Developer Toolkit → RESTful API. */
export interface BasicCredentials {
  /** Shown in the console as "customer ID" or "key". */
  readonly customerId: string
  /** Shown once, when the pair is made. Acts on every project of the account: server-side only. */
  readonly customerSecret: string
}
