import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** Privilege: 1 login. */
export type FpaService = ServiceOf<4>

/** Options of {@link fpaService}. */
export interface FpaServiceOptions {
  /** Seconds from the time of issue, 0 to 86,400. Default 0: as long as the token. */
  readonly loginTtlSeconds?: number | undefined
}

/** Full-path acceleration. */
export const fpa: ServiceKind<FpaService, FpaServiceOptions> = new ServiceKind({
  type: 4,
  name: 'FPA',
  factory: 'fpaService()',
  privileges: { 1: { name: 'login', option: 'loginTtlSeconds', isGrantedWithout: () => true } },
  fields: {},
})

/** The right to use full-path acceleration. */
export function fpaService(options: FpaServiceOptions = {}): FpaService {
  return fpa.create(options)
}
