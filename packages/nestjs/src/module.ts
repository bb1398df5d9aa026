import type { IncomingMessage, ServerResponse } from 'node:http'
import { callerLifetime } from '@agora-signaling/core/adapter'
import type { ClientContext } from '@agora-signaling/core/adapter'
import { ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import type {
  ConfigurableModuleCls,
  DynamicModule,
  MiddlewareConsumer,
  NestModule,
  OnApplicationShutdown,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { createOwnClient, createRequestClients, moduleOptions, ownClient, requestClients } from './clients.js'
import type { OwnClient } from './clients.js'
import { concealed, concealOptions } from './concealed-options.js'
import { AgoraExceptionFilter } from './exception-filter.js'
import type { HostRequest } from './http.js'
import { requireAsyncOptions, requireRootOptions } from './module-options.js'
import type {
  AgoraModuleOptions,
  AgoraModulePlacement,
  AgoraRequest,
  AgoraRootAsyncOptions,
  AgoraRootOptions,
} from './options.js'
import { attachClientFor } from './request-client.js'
import { requirePlaces, routeControllers } from './routes.js'
import { getAgoraTenantsToken } from './tenants.js'
import type { AgoraTenants } from './tenants.js'
import { getAgoraToken } from './tokens.js'

const modulePlacement = Symbol('placement of @agora-signaling/nestjs')

function definitionAt(definition: DynamicModule, placement: AgoraModulePlacement): DynamicModule {
  const token = getAgoraToken(placement.name)
  const tenantsToken = getAgoraTenantsToken(placement.name)
  return {
    ...definition,
    global: placement.isGlobal ?? true,
    controllers: routeControllers(placement),
    providers: [
      ...(definition.providers ?? []).map(concealOptions),
      { provide: modulePlacement, useValue: concealed(placement) },
      { provide: ownClient, useFactory: createOwnClient, inject: [moduleOptions] },
      { provide: token, useFactory: (own: OwnClient) => own.client, inject: [ownClient] },
      { provide: requestClients, useFactory: createRequestClients, inject: [moduleOptions, token] },
      {
        provide: tenantsToken,
        useFactory: (clients: ClientContext<HostRequest>): AgoraTenants => ({
          forgetTenant: (key) => clients.forgetTenant(key),
        }),
        inject: [requestClients],
      },
      { provide: APP_FILTER, useClass: AgoraExceptionFilter },
    ],
    exports: [token, tenantsToken],
  }
}

/** `never`: the builder calls no callback, so that those for any kind of request will do. */
const Configurable: ConfigurableModuleCls<
  AgoraModuleOptions<never>,
  'forRoot',
  'createAgoraOptions',
  AgoraModulePlacement
> = new ConfigurableModuleBuilder<AgoraModuleOptions<never>>({ optionsInjectionToken: moduleOptions })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createAgoraOptions')
  .setExtras<AgoraModulePlacement>(
    { name: undefined, isGlobal: undefined, forRoutes: undefined, exclude: undefined },
    definitionAt,
  )
  .build().ConfigurableModuleClass

/**
 * Agora Signaling for Nest: `@InjectAgora()` injects the back end's own client, `@Agora()` gives a handler the client of
 * its request.
 *
 * @example
 * imports: [AgoraSignalingModule.forRoot({ userId: (req) => req.user?.id })]
 *
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
@Module({})
export class AgoraSignalingModule extends Configurable implements NestModule, OnApplicationShutdown {
  readonly #placement: AgoraModulePlacement
  readonly #own: OwnClient
  readonly #requests: ClientContext<HostRequest>

  constructor(
    @Inject(modulePlacement) placement: AgoraModulePlacement,
    @Inject(moduleOptions) options: AgoraModuleOptions<HostRequest>,
    @Inject(ownClient) own: OwnClient,
    @Inject(requestClients) requests: ClientContext<HostRequest>,
  ) {
    super()
    requirePlaces(options, placement)
    this.#placement = placement
    this.#own = own
    this.#requests = requests
  }

  /**
   * Registers the module. Mistakes in the options or the environment stop the start of the application, with an
   * `AgoraConfigError`: `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
   */
  static override forRoot<Request = AgoraRequest>(options: AgoraRootOptions<Request> = {}): DynamicModule {
    requireRootOptions(options)
    return super.forRoot(options)
  }

  /** As `forRoot`, with options from a factory. What has a place stands beside the factory. */
  static override forRootAsync<Request = AgoraRequest>(
    options: AgoraRootAsyncOptions<Request>,
  ): DynamicModule {
    requireAsyncOptions(options)
    return super.forRootAsync(options)
  }

  configure(consumer: MiddlewareConsumer): void {
    const { name, forRoutes = ['{*splat}'], exclude = [] } = this.#placement
    const attach = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
      const lifetime = callerLifetime(response)
      attachClientFor(request, name, (hostRequest) => this.#requests.clientFor(hostRequest, lifetime))
      next()
    }
    consumer
      .apply(attach)
      .exclude(...exclude)
      .forRoutes(...forRoutes)
  }

  /** By now the server has stopped taking requests, and those under way are answered. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#requests.close(), this.#own.close()])
  }
}
