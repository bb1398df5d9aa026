import { concealSecrets } from '@agora-signaling/core/adapter'
import type { Provider } from '@nestjs/common'
import { moduleOptions } from './clients.js'
import { requireModuleOptions } from './module-options.js'

/** Nest keeps the options while the application runs. Whoever prints the application would print their secrets. */
export function concealOptions(provider: Provider): Provider {
  if (!('provide' in provider) || provider.provide !== moduleOptions) return provider
  if ('useValue' in provider) return { ...provider, useValue: concealed(provider.useValue) }
  if (!('useFactory' in provider)) return provider
  const make: (...dependencies: unknown[]) => object | Promise<object> = provider.useFactory
  return {
    ...provider,
    useFactory: async (...dependencies: unknown[]) => {
      const options = await make(...dependencies)
      // Here, since Nest injects an empty object for a promise of `undefined`: the environment would take its place.
      requireModuleOptions(options)
      return concealed(options)
    },
  }
}

/** A copy that reads the same and does not print its secrets. What is no object is refused elsewhere, by name. */
export function concealed(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options
  const copy: Record<string, unknown> = { ...options }
  const { notificationRoute } = copy
  if (typeof notificationRoute === 'object' && notificationRoute !== null) {
    const route: Record<string, unknown> = { ...notificationRoute }
    copy['notificationRoute'] = concealSecrets(route, ['secret'])
  }
  return concealSecrets(copy, ['customerSecret', 'appCertificate', 'token'])
}
