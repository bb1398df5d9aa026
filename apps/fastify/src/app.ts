import { randomUUID } from 'node:crypto'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from '@agora-signaling/fastify'
import type { AgoraSignalingPluginOptions } from '@agora-signaling/fastify'
import fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** A chat back end. Its options are those of the plugin `agoraSignaling`; `close()` closes the connections to Agora, too. */
export async function createApp(options: AgoraSignalingPluginOptions = {}): Promise<FastifyInstance> {
  const sessions = new Map<string, string>()
  const userIdOf = ({ headers }: FastifyRequest): string | undefined =>
    sessions.get(/^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '')
  const app = fastify({
    // Callers are told nothing of the reason of an error, so the developer has to be.
    logger: { level: 'error' },
    // Room for the largest message, 32,768 bytes, with every character of it escaped.
    bodyLimit: 256 * 1024,
    // A name that is too long is refused like any other that is wrong, not with 414. Node takes no URL longer than this.
    routerOptions: { maxParamLength: 16 * 1024 },
    ajv: { customOptions: { coerceTypes: false } },
    frameworkErrors: (error, request, reply) => answerOtherErrors(error, request, reply),
  })
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(Object.assign(new Error('Bodies must be JSON, content-type application/json.'), { statusCode: 400 }))
  })
  app.setErrorHandler(answerOtherErrors)
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'ERR_NO_SUCH_ROUTE', message: 'There is no such route.' }),
  )
  await app.register(agoraSignaling, { ...options, userId: userIdOf })

  await app.register(async (visitors) => {
    visitors.setErrorHandler(agoraErrorHandler())

    // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
    const login = { body: bodyOf({ userId: { type: 'string' } }, ['userId']) }
    visitors.post<{ Body: { userId: string } }>('/login', { schema: login }, async (request) => {
      const { userId } = request.body
      request.agora.as(userId) // refuses an ID that Agora would refuse
      const session = randomUUID()
      sessions.set(session, userId)
      return { session }
    })

    await visitors.register(async (users) => {
      users.addHook('onRequest', async (request, reply) => {
        if (userIdOf(request) !== undefined) return
        return reply.code(401).send({ code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: POST /login.' })
      })
      addRoutes(users)
    })
  })
  return app
}

function addRoutes(app: FastifyInstance): void {
  app.get('/token', tokenRoute())

  const message = { body: bodyOf({ text: { type: 'string' }, waitForAck: { type: 'boolean' } }, ['text']) }
  app.post<{ Params: { name: string }; Body: { text: string } }>(
    '/channels/:name/messages',
    { schema: message },
    async ({ agora, params, body }) =>
      agora.messages.sendToChannel({ channel: params.name, payload: body.text }),
  )

  app.post<{ Params: { id: string }; Body: { text: string; waitForAck?: boolean } }>(
    '/users/:id/messages',
    { schema: message },
    async ({ agora, params, body: { text, waitForAck } }) =>
      agora.messages.sendToUser({ to: params.id, payload: text, waitForAck }),
  )

  app.get<{ Params: { name: string }; Querystring: { before?: unknown; limit?: unknown } }>(
    '/channels/:name/history',
    async ({ agora, params, query: { before, limit = 50 } }) => {
      const { messages, nextBefore } = await agora.history
        .list({
          channel: params.name,
          before: before === undefined ? undefined : Number(before),
          limit: Number(limit),
        })
        .page()
      return { messages, nextBefore }
    },
  )

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it. HEAD would run the handler of GET, and lose what it read.
  app.get('/events', { exposeHeadRoute: false }, async ({ agora }, reply) => {
    const [users, channels] = await Promise.all([
      agora.events.pullUserEvents(),
      agora.events.pullChannelEvents(),
    ])
    reply.header('cache-control', 'no-store')
    return { users, channels }
  })
}

/** The JSON Schema of a body with these fields. */
function bodyOf(properties: Record<string, { type: string }>, required: string[]): object {
  return { type: 'object', properties, required }
}

/** Errors with a status from 400 to 499 are the caller's. */
function answerOtherErrors(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (error instanceof Error && status >= 400 && status < 500) {
    void reply.code(status).send({ code: 'ERR_INVALID_REQUEST', message: error.message })
  } else {
    request.log.error(error)
    void reply.code(500).send({ code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' })
  }
}
