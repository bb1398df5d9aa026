import { AgoraConfigError, isAgoraError } from '@agora-signaling/core'
import {
  createNotificationEndpoint,
  createTokenEndpoint,
  nodeBody,
  readRawBody,
  requireSomeoneToAsk,
} from '@agora-signaling/core/adapter'
import type { ClientContext, HttpAnswer, NotificationLogger } from '@agora-signaling/core/adapter'
import { All, applyDecorators, Controller, Inject, Logger, Req, Res, VERSION_NEUTRAL } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { moduleOptions, requestClients } from './clients.js'
import { nodeRequest, writeAnswer } from './http.js'
import type { HostRequest, HostResponse } from './http.js'
import type { AgoraModuleOptions, AgoraModulePlacement, AgoraRoutePlacement } from './options.js'

type Options = AgoraModuleOptions<HostRequest>
type Endpoint = (request: HostRequest) => Promise<HttpAnswer>
type MakeEndpoint = (options: Options, clients: ClientContext<HostRequest>) => Endpoint

/** The controllers of the routes that have a place. */
export function routeControllers({ tokenRoute, notificationRoute }: AgoraModulePlacement): Type[] {
  return [
    ...controllerAt(tokenRoute, tokenEndpoint),
    ...controllerAt(notificationRoute, notificationEndpoint),
  ]
}

/** A factory gives what a route does, too late to say where it is. */
export function requirePlaces(options: Options, placement: AgoraModulePlacement): void {
  for (const route of ['tokenRoute', 'notificationRoute'] as const) {
    if (options[route] === undefined || placement[route]?.path !== undefined) continue
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      `${route}.path is missing. Beside a factory it stands outside: forRootAsync({ ${route}: { path: 'agora/…' }, useFactory: … }).`,
    )
  }
}

function controllerAt(route: AgoraRoutePlacement | undefined, makeEndpoint: MakeEndpoint): Type[] {
  if (route?.path === undefined) return []

  @Controller({ path: route.path, version: VERSION_NEUTRAL })
  class AgoraRoute {
    readonly #adapterHost: HttpAdapterHost
    readonly #endpoint: Endpoint

    constructor(
      @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
      @Inject(moduleOptions) options: Options,
      @Inject(requestClients) clients: ClientContext<HostRequest>,
    ) {
      this.#adapterHost = adapterHost
      this.#endpoint = makeEndpoint(options, clients)
    }

    @All()
    async answer(@Req() request: HostRequest, @Res() response: HostResponse): Promise<void> {
      writeAnswer(this.#adapterHost.httpAdapter, response, await this.#endpoint(request))
    }
  }
  applyDecorators(...(route.decorators ?? []))(AgoraRoute)
  return [AgoraRoute]
}

const tokenEndpoint: MakeEndpoint = ({ tokenRoute = {} }, clients) => {
  const options = withoutPlace(tokenRoute)
  requireSomeoneToAsk('tokenRoute', options, clients)
  const endpoint = createTokenEndpoint(options, 'tokenRoute')
  return async (request) => {
    const client = await clients.clientFor(request)
    return endpoint({ method: request.method, hostRequest: request, client })
  }
}

const notificationEndpoint: MakeEndpoint = ({ notificationRoute }) => {
  if (notificationRoute === undefined) {
    throw new AgoraConfigError(
      'ERR_CONFIG_MISSING',
      'notificationRoute.onNotification is missing: return it from the factory, { notificationRoute: { onNotification } }.',
    )
  }
  const endpoint = createNotificationEndpoint(withoutPlace(notificationRoute))
  const nest = new Logger('AgoraSignaling')
  const logger: NotificationLogger = {
    warn: (message) => nest.warn(message),
    // Nest shows one value. Our errors say in themselves what has failed.
    error: (message, details) => {
      if (details === undefined) nest.error(message)
      else
        nest.error(isAgoraError(details.error) ? details.error : new Error(message, { cause: details.error }))
    },
  }
  return (request) => {
    const { method, headers } = request
    return endpoint({ method, headers, readRawBody: () => rawBodyOf(request), logger })
  }
}

/** Where a route is stands beside what it does, and is none of its options. */
function withoutPlace<Route extends object>(route: Route): Route {
  const options = { ...route }
  for (const name of ['path', 'decorators']) Reflect.deleteProperty(options, name)
  return options
}

function rawBodyOf(request: HostRequest): Promise<Uint8Array | string> {
  const { body, rawBody } = request
  const fix = 'Let Nest keep them: NestFactory.create(AppModule, { rawBody: true }).'
  return readRawBody(nodeBody(nodeRequest(request), { kept: [rawBody, body], fix }))
}
