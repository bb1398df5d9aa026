import {
  checkedByItsOwner,
  checkOptions,
  listOf,
  objectOf,
  signalingOptionRules,
  text,
  tokenRouteRules,
  yesOrNo,
} from '@agora-signaling/core/adapter'
import type { OptionRules, Rule, UncheckedSignalingOptions } from '@agora-signaling/core/adapter'
import type { AgoraModulePlacement } from './options.js'

/** Whose options they are, for errors. */
export const moduleName = 'AgoraSignalingModule'

interface Checked extends UncheckedSignalingOptions {
  readonly tokenRoute?: unknown
  readonly notificationRoute?: unknown
}

const routePlacement = { path: text, decorators: listOf('a list of decorators', checkedByItsOwner) }

/** Whatever else a route takes is checked by the route. */
const route: Rule<object> = {
  expected: 'an object with the options of the route',
  accepts: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
}

const rules: OptionRules<Checked> = {
  ...signalingOptionRules,
  tokenRoute: objectOf('an object with the options of the route', { ...tokenRouteRules, ...routePlacement }),
  notificationRoute: route,
}

const list = listOf('a list', checkedByItsOwner)

const placementRules: OptionRules<AgoraModulePlacement> = {
  name: text,
  isGlobal: yesOrNo,
  forRoutes: list,
  exclude: list,
  tokenRoute: route,
  notificationRoute: route,
}

/**
 * Refuses what `forRoot()` was given, or what a factory gave at run time, when it is misspelt or of a wrong type.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID`
 */
export function requireModuleOptions(options: object): void {
  checkOptions<Checked>(moduleName, options, rules)
}

/** The same for everything that `forRoot()` takes. */
export function requireRootOptions(options: object): void {
  checkOptions<Checked & AgoraModulePlacement>('AgoraSignalingModule.forRoot()', options, {
    ...rules,
    ...placementRules,
    tokenRoute: rules.tokenRoute,
  })
}

/** What stands beside the factory. */
export function requireAsyncOptions(options: object): void {
  checkOptions<AgoraModulePlacement & Partial<FactoryOptions>>(
    'AgoraSignalingModule.forRootAsync()',
    options,
    {
      ...placementRules,
      tokenRoute: objectOf('an object with the place of the route: { path }', routePlacement),
      notificationRoute: objectOf('an object with the place of the route: { path }', routePlacement),
      imports: list,
      inject: list,
      provideInjectionTokensFrom: list,
      useFactory: checkedByItsOwner,
      useClass: checkedByItsOwner,
      useExisting: checkedByItsOwner,
    },
  )
}

interface FactoryOptions {
  readonly imports: unknown
  readonly inject: unknown
  readonly provideInjectionTokensFrom: unknown
  readonly useFactory: unknown
  readonly useClass: unknown
  readonly useExisting: unknown
}
