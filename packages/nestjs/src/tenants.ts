import { Inject } from '@nestjs/common'

/** What the module keeps of tenants. Inject it with `@InjectAgoraTenants()`. */
export interface AgoraTenants {
  /**
   * Forgets the client of a tenant. Its next request loads the options again. Call it when the credentials of the tenant have
   * changed. Requests under way keep the client they have.
   */
  forgetTenant(key: string): void
}

/**
 * The injection token of {@link AgoraTenants}.
 *
 * @param name The `name` of the registration. Default: the one without a name.
 */
export function getAgoraTenantsToken(name?: string): symbol {
  return Symbol.for(`@agora-signaling/nestjs.tenants:${name ?? ''}`)
}

/**
 * Injects what forgets a tenant whose credentials have changed.
 *
 * @example
 * constructor(@InjectAgoraTenants() private readonly tenants: AgoraTenants) {}
 */
export function InjectAgoraTenants(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getAgoraTenantsToken(name))
}
