import { randomUUID } from 'node:crypto'
import { agoraSignaling, tokenRoute } from '@agora-signaling/koa'
import type { AgoraSignalingOptions } from '@agora-signaling/koa'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { z } from 'zod'

const login = z.object({ userId: z.string() })
const message = z.object({ text: z.string(), waitForAck: z.boolean().optional() })
// What is no number is refused by Agora's client, like a number out of its range.
const page = z.object({ before: z.transform(Number).optional(), limit: z.transform(Number).default(50) })

/** A chat back end. Its options are those of `agoraSignaling()`. */
export function createApp(options: AgoraSignalingOptions<Context> = {}): {
  app: Koa
  close: () => Promise<void>
} {
  const sessions = new Map<string, string>()
  const userIdOf = (ctx: Context): string | undefined =>
    sessions.get(/^Bearer (.+)$/i.exec(ctx.get('authorization'))?.[1] ?? '')
  const agora = agoraSignaling({ ...options, userId: userIdOf })
  const app = new Koa()
  // oxlint-disable-next-line no-console -- Koa's own listener leaves out the hint, which says what to check
  app.on('error', (error: unknown) => console.error(error))

  app.use(answerOtherErrors)
  app.use(agora)
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '256kb' }))

  // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
  const router = new Router()
  router.post('/login', (ctx) => {
    const { userId } = login.parse(ctx.request.body)
    ctx.agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    sessions.set(session, userId)
    ctx.body = { session }
  })

  router.use((ctx, next) => {
    if (userIdOf(ctx) === undefined) ctx.throw(401, 'Sign in first: POST /login.')
    return next()
  })
  router.get('/token', tokenRoute())

  router.post('/channels/:name/messages', async (ctx) => {
    const { name: channel = '' } = ctx.params
    const { text } = message.parse(ctx.request.body)
    ctx.body = await ctx.agora.messages.sendToChannel({ channel, payload: text })
  })

  router.post('/users/:id/messages', async (ctx) => {
    const { id: to = '' } = ctx.params
    const { text, waitForAck } = message.parse(ctx.request.body)
    ctx.body = await ctx.agora.messages.sendToUser({ to, payload: text, waitForAck })
  })

  router.get('/channels/:name/history', async (ctx) => {
    const { name: channel = '' } = ctx.params
    const { before, limit } = page.parse(ctx.query)
    const { messages, nextBefore } = await ctx.agora.history.list({ channel, before, limit }).page()
    ctx.body = { messages, nextBefore }
  })

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it. HEAD would run the handler of GET, and lose what it read.
  router.head('/events', (ctx) => ctx.throw(404))
  router.get('/events', async (ctx) => {
    const [users, channels] = await Promise.all([
      ctx.agora.events.pullUserEvents(),
      ctx.agora.events.pullChannelEvents(),
    ])
    ctx.set('cache-control', 'no-store')
    ctx.body = { users, channels }
  })

  app.use(refuseBadEncoding)
  app.use(router.routes())
  app.use((ctx) => ctx.throw(404, 'There is no such route.'))
  return { app, close: () => agora.close() }
}

/** The router would take a name that is not percent-encoded as it stands. */
const refuseBadEncoding: Middleware = async (ctx, next) => {
  try {
    decodeURIComponent(ctx.path)
  } catch {
    ctx.throw(400, 'The path is not percent-encoded.')
  }
  await next()
}

const codes: Record<number, string> = { 401: 'ERR_IDENTITY_MISSING', 404: 'ERR_NO_SUCH_ROUTE' }

/** Errors with a status from 400 to 499 are the caller's: our own, and those of the body parser. */
const answerOtherErrors: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
    if (error instanceof z.ZodError) {
      const reasons = `The body must be valid application/json:\n${z.prettifyError(error)}`
      ctx.status = 400
      ctx.body = { code: 'ERR_INVALID_REQUEST', message: reasons }
    } else if (error instanceof Error && status >= 400 && status < 500) {
      ctx.status = status
      ctx.body = { code: codes[status] ?? 'ERR_INVALID_REQUEST', message: error.message }
    } else {
      ctx.app.emit('error', error, ctx)
      ctx.status = 500
      ctx.body = { code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' }
    }
  }
}
