/** The official reader: the package declares types for its builders only. */
declare module 'agora-token/src/AccessToken2.js' {
  export class AccessToken2 {
    from_string(token: string): boolean
    verifySignature(appCertificate: string): boolean
  }
}
