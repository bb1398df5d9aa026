import { randomUUID } from 'node:crypto'
import { agoraErrorHandler, agoraSignaling, isAgoraError, tokenRoute } from '@agora-signaling/hono'
import type { AgoraSignalingEnv, AgoraSignalingOptions } from '@agora-signaling/hono'
import { Hono } from 'hono'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono/validator'
import { z } from 'zod'

const login = z.object({ userId: z.string() })
const message = z.object({ text: z.string(), waitForAck: z.boolean().optional() })
// What is no number is refused by Agora's client, like a number out of its range.
const page = z.object({ before: z.transform(Number).optional(), limit: z.transform(Number).default(50) })

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
  app.use(refuseBadEncoding)
  app.use(agora)
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.use(bodyLimit({ maxSize: 256 * 1024, onError: answerTooLarge }))

  // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
  app.post('/login', jsonOf(login), (c) => {
    const { userId } = c.req.valid('json')
    c.var.agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    sessions.set(session, userId)
    return c.json({ session })
  })

  const requireSession: MiddlewareHandler = async (c, next) => {
    if (userIdOf(c) !== undefined) return next()
    return c.json({ code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: POST /login.' }, 401)
  }
  app.get('/token', requireSession, tokenRoute())

  app.post('/channels/:name/messages', requireSession, jsonOf(message), async (c) => {
    const { text } = c.req.valid('json')
    return c.json(await c.var.agora.messages.sendToChannel({ channel: c.req.param('name'), payload: text }))
  })

  app.post('/users/:id/messages', requireSession, jsonOf(message), async (c) => {
    const { text, waitForAck } = c.req.valid('json')
    const sent = await c.var.agora.messages.sendToUser({ to: c.req.param('id'), payload: text, waitForAck })
    return c.json(sent)
  })

  app.get('/channels/:name/history', requireSession, async (c) => {
    // All values, so that a parameter given twice is no number.
    const { before, limit } = page.parse(c.req.queries())
    const list = c.var.agora.history.list({ channel: c.req.param('name'), before, limit })
    const { messages, nextBefore } = await list.page()
    return c.json({ messages, nextBefore })
  })

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it. HEAD would run the handler of GET, and lose what it read.
  app.get('/events', requireSession, async (c) => {
    if (c.req.method === 'HEAD') return c.notFound()
    const [users, channels] = await Promise.all([
      c.var.agora.events.pullUserEvents(),
      c.var.agora.events.pullChannelEvents(),
    ])
    return c.json({ users, channels }, 200, { 'cache-control': 'no-store' })
  })
  return { app, close: () => agora.close() }
}

/** Checks the body against the schema. */
function jsonOf<Schema extends z.ZodType>(schema: Schema) {
  return validator('json', (body) => schema.parse(body))
}

/** Hono would take a name that is not percent-encoded as it stands. */
const refuseBadEncoding: MiddlewareHandler = (c, next) => {
  try {
    decodeURIComponent(c.req.path)
  } catch {
    throw new HTTPException(400, { message: 'The path is not percent-encoded.' })
  }
  return next()
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
  if (error instanceof z.ZodError) {
    const reasons = `The body must be valid application/json:\n${z.prettifyError(error)}`
    return c.json({ code: 'ERR_INVALID_REQUEST', message: reasons }, 400)
  }
  if (error instanceof HTTPException && error.status < 500) {
    return c.json({ code: 'ERR_INVALID_REQUEST', message: error.message }, error.status)
  }
  // oxlint-disable-next-line no-console -- callers are told nothing of the reason, so the developer has to be
  console.error(error)
  return c.json({ code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' }, 500)
}
