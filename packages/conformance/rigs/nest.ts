import { Server } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Agora, AgoraConfigError, AgoraSignalingModule, getAgoraTenantsToken } from '@agora-signaling/nestjs'
import type { AgoraTenants, SignalingClient } from '@agora-signaling/nestjs'
import { All, Catch, Controller, createParamDecorator, Res } from '@nestjs/common'
import type {
  ArgumentsHost,
  DynamicModule,
  ExceptionFilter,
  ExecutionContext,
  LoggerService,
  Type,
} from '@nestjs/common'
import { APP_FILTER, NestFactory } from '@nestjs/core'
import type { AbstractHttpAdapter } from '@nestjs/core'
import type { Caller, Mount, Rig, Route, SitePlan } from '../src/index.js'
import { optionsForHost, teapot, tokenOptionsForHost } from '../src/index.js'

interface NestRequest {
  readonly headers: IncomingHttpHeaders
}

const callerOf = ({ headers }: NestRequest): Caller => ({ header: (name) => headers[name]?.toString() })

/**
 * The same for Nest 11 and 12.
 *
 * @param parser Whether the platform has to be told to parse bodies, or cannot be told not to.
 */
export function nestRig(createAdapter: () => AbstractHttpAdapter, parser: 'optional' | 'always there'): Rig {
  return {
    // With `rawBody: true`, as the README says.
    bodyParser: 'keeps the bytes',
    open: async (plan) => {
      const adapter = createAdapter()
      const app = await NestFactory.create(applicationOf(plan, adapter), adapter, {
        abortOnError: false,
        bodyParser: parser === 'always there' || plan.parsesBodies,
        rawBody: true,
        logger: loggerFor(plan),
      })
      await app.listen(0, '127.0.0.1')
      const server: unknown = app.getHttpServer()
      if (!isHttpServer(server)) throw new TypeError('The application has no HTTP server.')
      const tenants = plan.mounts.length > 0 ? [app.get<AgoraTenants>(getAgoraTenantsToken())] : []
      return {
        server,
        forgetTenant: (key) => tenants.forEach((one) => one.forgetTenant(key)),
        close: () => app.close(),
      }
    },
  }
}

function applicationOf(plan: SitePlan, adapter: AbstractHttpAdapter): DynamicModule {
  const { mounts, routes, tokenRoute } = plan
  // Without the module there is no token route. What then hands out tokens is a route of the application's own.
  const ownTokenRoute = mounts.length === 0 && tokenRoute ? [tokenRouteAt(tokenRoute.path)] : []
  return {
    module: Application,
    imports: registrationsOf(plan),
    controllers: [...routes, ...ownTokenRoute].map((route) => controllerOf(route, adapter)),
    providers: plan.handlesErrors
      ? [{ provide: APP_FILTER, useFactory: () => new OtherErrors(plan, adapter) }]
      : [],
  }
}

class Application {
  readonly name = 'conformance'
}

function tokenRouteAt(path: string): Route {
  return { path, handle: ({ getAgora }) => getAgora().issueToken({ userId: 'alice' }) }
}

/** A registration for each mount. The two routes belong to the innermost one around their path. */
function registrationsOf({ mounts, tokenRoute, notificationRoute }: SitePlan): DynamicModule[] {
  const innermost = ({ path }: { path: string }): Mount | undefined =>
    mounts.findLast(({ prefix = '/' }) => path.startsWith(prefix))
  const ofToken = tokenRoute && innermost(tokenRoute)
  const ofNotification = notificationRoute && innermost(notificationRoute)
  const notification = notificationRoute && { path: notificationRoute.path, ...notificationRoute.options }
  const registrations = mounts.map((mount) =>
    AgoraSignalingModule.forRoot<NestRequest>({
      ...optionsForHost(mount.options, callerOf),
      forRoutes: mount.prefix === undefined ? undefined : [`${mount.prefix}/*path`],
      tokenRoute:
        tokenRoute && mount === ofToken
          ? { path: tokenRoute.path, ...tokenOptionsForHost(tokenRoute.options, callerOf) }
          : undefined,
      notificationRoute: mount === ofNotification ? notification : undefined,
    }),
  )
  if (notification === undefined || ofNotification !== undefined) return registrations
  return [
    ...registrations,
    AgoraSignalingModule.forRoot({ tenant: noTenants, notificationRoute: notification }),
  ]
}

/** The module is made for a project, or for those of its requests. The notification route asks for neither. */
const noTenants = { key: () => undefined, options: () => ({}) }

/** Decorators are functions: a rig can apply them to the routes of a plan. */
function controllerOf({ path, handle }: Route, adapter: AbstractHttpAdapter): Type {
  class RouteController {
    async answer(given: SignalingClient | AgoraConfigError, response: unknown): Promise<unknown> {
      return handle({
        attached: () => (given instanceof AgoraConfigError ? undefined : given),
        getAgora: () => {
          if (given instanceof AgoraConfigError) throw given
          return given
        },
        setHeader: (name, value) => void adapter.setHeader(response, name, value),
      })
    }
  }
  const method = 'answer'
  const { prototype } = RouteController
  AgoraOrWhyNot()(prototype, method, 0)
  Res({ passthrough: true })(prototype, method, 1)
  All(path)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method) ?? {})
  Controller()(RouteController)
  return RouteController
}

type Factory = (data: unknown, context: ExecutionContext) => unknown

/** How a parameter decorator finds its value: Nest keeps it among the parameters of the handler. */
function factoryOf(decorator: ParameterDecorator): Factory {
  class Probe {
    readonly handle = (): void => {}
  }
  decorator(Probe.prototype, 'handle', 0)
  const parameters: unknown = Reflect.getMetadata('__routeArguments__', Probe, 'handle')
  const found: unknown[] = typeof parameters === 'object' && parameters ? Object.values(parameters) : []
  const [parameter] = found
  if (typeof parameter === 'object' && parameter && 'factory' in parameter && isFactory(parameter.factory)) {
    return parameter.factory
  }
  throw new TypeError('The decorator is none of createParamDecorator().')
}

function isFactory(value: unknown): value is Factory {
  return typeof value === 'function'
}

/** What `@Agora()` gives a handler, or why it gives nothing: the routes of a plan are to see both. */
const AgoraOrWhyNot = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  try {
    return factoryOf(Agora())(undefined, context)
  } catch (error) {
    if (error instanceof AgoraConfigError && error.code === 'ERR_NOT_REGISTERED') return error
    throw error
  }
})

/** The application's own filter for everything. */
class OtherErrors implements ExceptionFilter {
  readonly #plan: SitePlan
  readonly #adapter: AbstractHttpAdapter

  constructor(plan: SitePlan, adapter: AbstractHttpAdapter) {
    this.#plan = plan
    this.#adapter = adapter
  }

  catch(error: unknown, host: ArgumentsHost): void {
    this.#plan.onOtherError(error)
    const response: unknown = host.switchToHttp().getResponse()
    this.#adapter.setHeader(response, 'content-type', 'application/json')
    this.#adapter.reply(response, teapot.body, teapot.status)
  }
}
Catch()(OtherErrors)

function ignore(): void {}

function isHttpServer(value: unknown): value is Server {
  return value instanceof Server
}

/** Tells the plan what the adapter says to Nest's logger. */
function loggerFor({ onReport }: SitePlan): LoggerService {
  return {
    log: ignore,
    warn: ignore,
    error: (error: unknown, ...rest: unknown[]) => {
      if (rest.at(-1) === 'AgoraSignaling') onReport(error)
    },
  }
}
