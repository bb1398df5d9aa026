import { createClientContext, requireSomeoneToAsk } from '@agora-signaling/core/adapter'
import type { AgoraSignalingOptions } from '@agora-signaling/core/adapter'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, preHandlerHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { RequestClient, requestClient, requestClientOf } from './request-client.js'
import { decorate, findsUsers } from './scope.js'
import { asksThePlugin } from './token-route.js'

/**
 * Options of the plugin. `logLevel` is not among them, as `register()` has one of its own: set `AGORA_LOG_LEVEL`.
 */
export type AgoraSignalingPluginOptions = WithoutLogLevel<AgoraSignalingOptions<FastifyRequest>>

type WithoutLogLevel<Options> = Options extends unknown ? Omit<Options, 'logLevel'> : never

/** Marks routes whose hooks end with ours. */
const isPrepared = Symbol.for('@agora-signaling/fastify.isPrepared')

const plugin: FastifyPluginAsync<AgoraSignalingPluginOptions> = async (app, options) => {
  const context = createClientContext(ownOptions(options), 'the plugin agoraSignaling')
  decorate(app, context)
  // With a callback, as an `async` hook would cost every request a promise.
  app.addHook('onRequest', (request, reply, done) => {
    Reflect.set(request, requestClient, new RequestClient(context, request, reply))
    done()
  })
  if (context.findsUsers || options.tenant !== undefined) {
    askAfterTheHooks(app)
    askBeforeTheHandler(app)
  }
  refuseTokensForNobody(app)
  app.addHook('onClose', () => context.close())
}

/** Removes the options that `register()` takes for itself. */
function ownOptions(options: AgoraSignalingPluginOptions): AgoraSignalingOptions<FastifyRequest> {
  const own = { ...options }
  for (const name of ['prefix', 'logLevel', 'logSerializers']) Reflect.deleteProperty(own, name)
  return own
}

/**
 * A route signs its user in with hooks of its own, and Fastify runs them after those of the plugin. So ours is put behind
 * them. A route that was added before the plugin was loaded cannot be changed any more: `askBeforeTheHandler` serves it.
 */
function askAfterTheHooks(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { preHandler = [] } = route
    route.preHandler = [...(Array.isArray(preHandler) ? preHandler : [preHandler]), settle]
    route.config = Object.assign({ ...route.config }, { [isPrepared]: true })
  })
}

const settle: preHandlerHookHandler = (request, _reply, done) => {
  const client = requestClientOf(request)
  if (client === undefined) done()
  else client.settle(done)
}

/**
 * For routes that were added before the plugin was loaded. Only an answer that takes its time has to be asked for by a hook;
 * it is asked for before the preHandler hooks of the route.
 */
function askBeforeTheHandler(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const client = requestClientOf(request)
    if (client === undefined || Object.hasOwn(request.routeOptions.config, isPrepared)) done()
    else client.settleEarly(done)
  })
}

/** Stops the start when a token route has nobody to make tokens for. Otherwise its first request would show it. */
function refuseTokensForNobody(app: FastifyInstance): void {
  const scopes: FastifyInstance[] = []
  app.addHook('onRoute', function remember(route) {
    if (asksThePlugin(route.handler)) scopes.push(this)
  })
  // Only now all registrations of the scopes within are known.
  app.addHook('onReady', (done) => {
    for (const scope of scopes) {
      requireSomeoneToAsk('tokenRoute()', {}, { findsUsers: findsUsers(scope) !== false })
    }
    done()
  })
}

/**
 * Attaches an authenticated Signaling client to every request of the scope it is registered in, as `request.agora`.
 *
 * Without options everything comes from the environment. Mistakes are thrown at start-up. A client is made once, or once for
 * each tenant. Each request gets a view of it, which is cheap. `app.close()` waits for the calls under way, then closes the
 * connections to Agora; a client that was handed in as `client` stays open.
 *
 * `userId` and `tenant` are asked when the hooks of a route are done, so that its user may sign in at `onRequest`,
 * `preValidation` or `preHandler`.
 *
 * @example
 * await app.register(agoraSignaling, { userId: (request) => request.session.userId })
 * app.setErrorHandler(agoraErrorHandler())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_MISSING`, `ERR_CONFIG_INVALID`, `ERR_CONFIG_CONFLICT`, `ERR_SECRET_EXPOSED`.
 * @see https://docs.agora.io/en/signaling/rest-api/overview
 */
export const agoraSignaling: FastifyPluginAsync<AgoraSignalingPluginOptions> = fp(plugin, {
  name: '@agora-signaling/fastify',
  fastify: '5.x',
})
