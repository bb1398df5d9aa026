import { randomUUID } from 'node:crypto'
import { agoraErrorHandler, agoraSignaling, isAgoraError, tokenRoute } from '@agora-signaling/hono'
import type { AgoraSignalingEnv, AgoraSignalingOptions } from '@agora-signaling/hono'
import { Hono } from 'hono'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono/validator'

/** A chat back end. Its options are those of `agoraSignaling()`. */
export function createApp(options: AgoraSignalingOptions<Context> = {}): {
  app: Hono<AgoraSignalingEnv>
  close: () => Promise<void>
} {
  const sessions = new Map<string, string>()
  const userIdOf = (c: Context): string | undefined =>
    sessions.get(/^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '')
  const agora = agoraSignaling({ ...options, userId: userIdOf })
  const app = new Hono<AgoraSignalingEnv>()
  app.onError(answerErrors)
  app.notFound((c) => c.json({ code: 'ERR_NO_SUCH_ROUTE', message: 'There is no such route.' }, 404))
  app.use(agora)
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.use(bodyLimit({ maxSize: 256 * 1024, onError: answerTooLarge }))

  // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
  const login = validator('json', (body) => ({ userId: textOf(body, 'userId') }))
  app.post('/login', login, (c) => {
    const { userId } = c.req.valid('json')
    c.var.agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    sessions.set(session, userId)
    return c.json({ session })
  })

  app.use(async (c, next) => {
    if (userIdOf(c) !== undefined) return next()
    return c.json({ code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: POST /login.' }, 401)
  })
  app.use(refuseBadEncoding)
  app.get('/token', tokenRoute())

  const message = validator('json', (body) => ({
    payload: textOf(body, 'text'),
    waitForAck: flagOf(body, 'waitForAck'),
  }))
  app.post('/channels/:name/messages', message, async (c) => {
    const { payload } = c.req.valid('json')
    return c.json(await c.var.agora.messages.sendToChannel({ channel: c.req.param('name'), payload }))
  })

  app.post('/users/:id/messages', message, async (c) => {
    const { payload, waitForAck } = c.req.valid('json')
    return c.json(await c.var.agora.messages.sendToUser({ to: c.req.param('id'), payload, waitForAck }))
  })

  app.get('/channels/:name/history', async (c) => {
    // All values, so that a parameter given twice is no number.
    const { before, limit = 50 } = c.req.queries()
    const { messages, nextBefore } = await c.var.agora.history
      .list({
        channel: c.req.param('name'),
        before: before === undefined ? undefined : Number(before),
        limit: Number(limit),
      })
      .page()
    return c.json({ messages, nextBefore })
  })

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it.
  app.get('/events', async (c) => {
    const [users, channels] = await Promise.all([
      c.var.agora.events.pullUserEvents(),
      c.var.agora.events.pullChannelEvents(),
    ])
    return c.json({ users, channels }, 200, { 'cache-control': 'no-store' })
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

/** Hono would take a name that is not percent-encoded as it stands. */
const refuseBadEncoding: MiddlewareHandler = (c, next) => {
  try {
    decodeURIComponent(new URL(c.req.url).pathname)
  } catch {
    refuse('The path is not percent-encoded.')
  }
  return next()
}

function refuse(message: string): never {
  throw new HTTPException(400, { message })
}

function answerTooLarge(c: Context): Response {
  // The rest of the body is still to come, and Node's server cuts the connection off.
  c.header('connection', 'close')
  return c.json({ code: 'ERR_INVALID_REQUEST', message: 'The body is larger than 256 KiB.' }, 413)
}

const answerAgoraErrors = agoraErrorHandler()

/** An `HTTPException` is the caller's error: our own, and those of Hono's middleware. */
const answerErrors: ErrorHandler = (error, c) => {
  if (isAgoraError(error)) return answerAgoraErrors(error, c)
  if (error instanceof HTTPException && error.status < 500) {
    return c.json({ code: 'ERR_INVALID_REQUEST', message: error.message }, error.status)
  }
  // oxlint-disable-next-line no-console -- callers are told nothing of the reason, so the developer has to be
  console.error(error)
  return c.json({ code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' }, 500)
}
