/* oxlint-disable typescript/no-extraneous-class -- the builders are classes in agora-token, and tests replace their methods */
import { signServices } from '../access-token/build.js'
import { fpa } from '../access-token/services/fpa.js'
import { maxTtlSeconds } from '../input/times.js'

/** `FpaTokenBuilder` of the npm package `agora-token`: tokens for full-path acceleration. */
export class FpaTokenBuilder {
  /**
   * Builds a token that lives for 24 hours.
   *
   * @throws {AgoraValidationError} naming the argument at fault.
   */
  static buildToken(this: void, appId: string, appCertificate: string): string {
    return signServices({ appId, appCertificate, ttlSeconds: maxTtlSeconds, compression: 'deflate' }, [
      { argument: 'service', kind: fpa, service: { privileges: { 1: 0 } } },
    ])
  }
}
