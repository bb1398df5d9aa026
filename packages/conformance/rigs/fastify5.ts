import {
  agoraErrorHandler,
  agoraSignaling,
  getAgora,
  notificationRoute,
  tokenRoute,
} from '@agora-signaling/fastify'
import type { AgoraSignalingPluginOptions } from '@agora-signaling/fastify'
import fastify from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Mount, Rig, SitePlan } from '../src/index.js'
import { optionsForHost, teapot, tokenOptionsForHost } from '../src/index.js'

const callerOf = ({ headers }: FastifyRequest): Caller => ({ header: (name) => headers[name]?.toString() })

function pluginOptions(options: Mount['options']): AgoraSignalingPluginOptions {
  const { logLevel: _, ...rest } = optionsForHost(options, callerOf)
  return rest
}

export const fastify5: Rig = {
  // Fastify parses every body; the notification route takes the bytes before.
  bodyParser: 'keeps the bytes',
  open: async (plan) => {
    const app = fastify({ loggerInstance: loggerFor(plan) })
    const answerOtherErrors = async (
      error: unknown,
      _request: FastifyRequest,
      reply: FastifyReply,
    ): Promise<FastifyReply> => {
      plan.onOtherError(error)
      return reply.code(teapot.status).send(teapot.body)
    }
    if (plan.handlesErrors) app.setErrorHandler(answerOtherErrors)
    const scopes: FastifyInstance[] = []
    // Fastify loads in this order, when it starts to listen. What has no prefix is around all scopes that have one.
    for (const { prefix, options } of plan.mounts) {
      if (prefix !== undefined) continue
      void app.register(agoraSignaling, pluginOptions(options))
      scopes.push(app)
    }
    void app.register(async (scope) => addRoutes(scope, plan, ''))
    for (const { prefix, options } of plan.mounts) {
      if (prefix === undefined) continue
      void app.register(
        async (scope) => {
          await scope.register(agoraSignaling, pluginOptions(options))
          scopes.push(scope)
          addRoutes(scope, plan, prefix)
        },
        { prefix },
      )
    }
    await app.listen({ port: 0, host: '127.0.0.1' })
    return {
      server: app.server,
      forgetTenant: (key) => scopes.forEach(({ agora }) => agora.forgetTenant(key)),
      close: () => app.close(),
    }
  },
}

/** Adds the routes that belong to the scope of a prefix. */
function addRoutes(scope: FastifyInstance, plan: SitePlan, prefix: string): void {
  const { routes, tokenRoute: token, notificationRoute: notification } = plan
  const prefixes = plan.mounts.flatMap((mount) => mount.prefix ?? [])
  const isHere = ({ path }: { path: string }): boolean =>
    (prefixes.find((other) => path.startsWith(other)) ?? '') === prefix
  const within = (path: string): string => path.slice(prefix.length)

  if (plan.handlesErrors) scope.setErrorHandler(agoraErrorHandler())
  for (const { path, handle } of routes.filter(isHere)) {
    scope.all(within(path), async (request, reply) => {
      const setHeader = (name: string, value: string): void => void reply.header(name, value)
      return handle({ attached: () => request.agora, getAgora: () => getAgora(request), setHeader })
    })
  }
  if (token && isHere(token)) {
    scope.all(within(token.path), tokenRoute(tokenOptionsForHost(token.options, callerOf)))
  }
  if (notification && isHere(notification)) {
    scope.all(within(notification.path), notificationRoute(notification.options))
  }
}

const ignore = (): void => {}

/** Tells the plan what Fastify's log would say. */
function loggerFor(plan: SitePlan): FastifyBaseLogger {
  const error = ({ err }: { err?: unknown }): void => plan.onReport(err)
  const logger: FastifyBaseLogger = {
    level: 'error',
    fatal: error,
    error,
    warn: ignore,
    info: ignore,
    debug: ignore,
    trace: ignore,
    silent: ignore,
    child: () => logger,
  }
  return logger
}
