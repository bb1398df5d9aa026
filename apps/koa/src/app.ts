import { randomUUID } from 'node:crypto'
import { agoraSignaling, tokenRoute } from '@agora-signaling/koa'
import type { AgoraSignalingOptions } from '@agora-signaling/koa'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'

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
  // Koa's own listener prints the stack; the hint that says what to check stands beside it.
  // oxlint-disable-next-line no-console -- callers are told nothing of the reason, so the developer has to be
  app.on('error', (error: unknown) => console.error(error))

  app.use(answerOtherErrors)
  app.use(agora)
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '256kb' }))

  // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
  const open = new Router()
  open.post('/login', (ctx) => {
    const userId = textOf(ctx.request.body, 'userId')
    ctx.agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    sessions.set(session, userId)
    ctx.body = { session }
  })
  app.use(open.routes())

  app.use(async (ctx, next) => {
    if (userIdOf(ctx) === undefined) {
      ctx.status = 401
      ctx.body = { code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: POST /login.' }
    } else {
      await next()
    }
  })
  app.use(refuseBadEncoding)

  const router = new Router()
  router.get('/token', tokenRoute())

  router.post('/channels/:name/messages', async (ctx) => {
    const { name: channel = '' } = ctx.params
    const payload = textOf(ctx.request.body, 'text')
    ctx.body = await ctx.agora.messages.sendToChannel({ channel, payload })
  })

  router.post('/users/:id/messages', async (ctx) => {
    const { id: to = '' } = ctx.params
    const payload = textOf(ctx.request.body, 'text')
    const waitForAck = flagOf(ctx.request.body, 'waitForAck')
    ctx.body = await ctx.agora.messages.sendToUser({ to, payload, waitForAck })
  })

  router.get('/channels/:name/history', async (ctx) => {
    const { name: channel = '' } = ctx.params
    const { before, limit = 50 } = ctx.query
    const { messages, nextBefore } = await ctx.agora.history
      .list({
        channel,
        before: before === undefined ? undefined : Number(before),
        limit: Number(limit),
      })
      .page()
    ctx.body = { messages, nextBefore }
  })

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it.
  router.get('/events', async (ctx) => {
    const [users, channels] = await Promise.all([
      ctx.agora.events.pullUserEvents(),
      ctx.agora.events.pullChannelEvents(),
    ])
    ctx.set('cache-control', 'no-store')
    ctx.body = { users, channels }
  })
  app.use(router.routes())

  app.use((ctx) => {
    ctx.status = 404
    ctx.body = { code: 'ERR_NO_SUCH_ROUTE', message: 'There is no such route.' }
  })
  return { app, close: () => agora.close() }
}

function textOf(body: unknown, name: string): string {
  const value = fieldOf(body, name)
  return typeof value === 'string'
    ? value
    : refuse(`${name} must be a string in a body of content-type application/json.`)
}

function flagOf(body: unknown, name: string): boolean {
  const value = fieldOf(body, name) ?? false
  return typeof value === 'boolean' ? value : refuse(`${name} must be true or false.`)
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

/** The router would take a name that is not percent-encoded as it stands. */
const refuseBadEncoding: Middleware = async (ctx, next) => {
  try {
    decodeURIComponent(ctx.path)
  } catch {
    refuse('The path is not percent-encoded.')
  }
  await next()
}

function refuse(message: string): never {
  throw Object.assign(new Error(message), { status: 400 })
}

/** Errors with a status from 400 to 499 are the caller's: our own, and those of the body parser. */
const answerOtherErrors: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
    if (error instanceof Error && status >= 400 && status < 500) {
      ctx.status = status
      ctx.body = { code: 'ERR_INVALID_REQUEST', message: error.message }
    } else {
      ctx.app.emit('error', error, ctx)
      ctx.status = 500
      ctx.body = { code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' }
    }
  }
}
