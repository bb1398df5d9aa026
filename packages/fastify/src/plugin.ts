import type { SignalingClient } from '@agora-signaling/core'
import { callerLifetime, createClientContext } from '@agora-signaling/core/internal'
import type { AgoraSignalingOptions } from '@agora-signaling/core/internal'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const decorated = Symbol('@agora-signaling/fastify')

/**
 * Options of the plugin. `logLevel` is not among them, as `register()` has one of its own: set `AGORA_LOG_LEVEL`.
 */
export type AgoraSignalingPluginOptions = WithoutLogLevel<AgoraSignalingOptions<FastifyRequest>>

type WithoutLogLevel<Options> = Options extends unknown ? Omit<Options, 'logLevel'> : never

const plugin: FastifyPluginAsync<AgoraSignalingPluginOptions> = async (app, options) => {
  const context = createClientContext(options)
  // Registered around this scope, or here before: one decoration serves, and the later hook wins.
  if (!app.hasDecorator(decorated)) app.decorate(decorated).decorateRequest('agora')
  // With a callback, as an `async` hook would cost every request a promise.
  app.addHook('onRequest', (request, reply, done) => {
    const attach = (client: SignalingClient): void => {
      request.agora = client
      done()
    }
    const client = context.clientFor(request, callerLifetime(reply.raw))
    if (client instanceof Promise) client.then(attach).catch(done)
    else attach(client)
  })
  app.addHook('onClose', () => context.close())
}

/**
 * Attaches an authenticated Signaling client to every request of the scope it is registered in, as `request.agora`.
 *
 * Without options everything comes from the environment; mistakes are thrown at start-up. A client is made once, or
 * once for each tenant; a request costs a view of it. `app.close()` waits for the calls under way, then closes the
 * connections to Agora; a client that was handed in as `client` stays open.
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
