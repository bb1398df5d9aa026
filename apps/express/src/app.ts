import { randomUUID } from 'node:crypto'
import { agoraErrorHandler, agoraSignaling, tokenRoute } from '@agora-signaling/express'
import type { AgoraSignalingOptions } from '@agora-signaling/express'
import express from 'express'
import type { ErrorRequestHandler, Express, NextFunction, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'

const login = z.object({ userId: z.string() })
const message = z.object({ text: z.string(), waitForAck: z.boolean().optional() })
// What is no number is refused by Agora's client, like a number out of its range.
const page = z.object({ before: z.transform(Number).optional(), limit: z.transform(Number).default(50) })

/** A chat back end. Its options are those of `agoraSignaling()`; `onError` is told of what is answered with 500 or more. */
export function createApp(
  options: AgoraSignalingOptions<Request> = {},
  // oxlint-disable-next-line no-console -- callers are told nothing of the reason, so the developer has to be
  onError: (error: unknown) => void = console.error,
): { app: Express; close: () => Promise<void> } {
  const sessions = new Map<string, string>()
  const userIdOf = (req: Pick<Request, 'get'>): string | undefined =>
    sessions.get(/^Bearer (.+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '')
  const agora = agoraSignaling({ ...options, userId: userIdOf })
  const app = express()
  // Room for the largest message, 32,768 bytes, with every character of it escaped.
  app.use(express.json({ limit: '256kb' }))
  app.use(agora)

  // A stub in place of a login: anyone may be anyone. Put your own sign-in here, and let userIdOf() read its session.
  app.post('/login', (req, res) => {
    const { userId } = login.parse(req.body)
    req.agora.as(userId) // refuses an ID that Agora would refuse
    const session = randomUUID()
    sessions.set(session, userId)
    res.json({ session })
  })

  const requireSession = (req: Pick<Request, 'get'>, res: Response, next: NextFunction): void => {
    if (userIdOf(req) !== undefined) next()
    else res.status(401).json({ code: 'ERR_IDENTITY_MISSING', message: 'Sign in first: POST /login.' })
  }
  app.get('/token', requireSession, tokenRoute())

  app.post('/channels/:name/messages', requireSession, async (req, res) => {
    const { text } = message.parse(req.body)
    res.json(await req.agora.messages.sendToChannel({ channel: req.params.name, payload: text }))
  })

  app.post('/users/:id/messages', requireSession, async (req, res) => {
    const { text, waitForAck } = message.parse(req.body)
    res.json(await req.agora.messages.sendToUser({ to: req.params.id, payload: text, waitForAck }))
  })

  app.get('/channels/:name/history', requireSession, async (req, res) => {
    const { before, limit } = page.parse(req.query)
    const list = req.agora.history.list({ channel: req.params.name, before, limit })
    const { messages, nextBefore } = await list.page()
    res.json({ messages, nextBefore })
  })

  // Reading deletes: Agora gives each event away once, to whoever asks first. In earnest, let one consumer read, keep
  // what it read before it goes on, and let no user near it. HEAD would run the handler of GET, and lose what it read.
  app.head('/events', answerNotFound)
  app.get('/events', requireSession, async (req, res) => {
    const [users, channels] = await Promise.all([
      req.agora.events.pullUserEvents(),
      req.agora.events.pullChannelEvents(),
    ])
    res.set('cache-control', 'no-store').json({ users, channels })
  })

  app.use(answerNotFound)
  app.use(agoraErrorHandler({ onError: (error) => onError(error) }), answerOtherErrors(onError))
  return { app, close: () => agora.close() }
}

const answerNotFound: RequestHandler = (_req, res) => {
  res.status(404).json({ code: 'ERR_NO_SUCH_ROUTE', message: 'There is no such route.' })
}

/** Errors with a status from 400 to 499 are the caller's: those of Express and its JSON parser. */
function answerOtherErrors(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
    if (res.headersSent) {
      next(error)
    } else if (error instanceof z.ZodError) {
      const reasons = `The body must be valid application/json:\n${z.prettifyError(error)}`
      res.status(400).json({ code: 'ERR_INVALID_REQUEST', message: reasons })
    } else if (error instanceof Error && status >= 400 && status < 500) {
      res.status(status).json({ code: 'ERR_INVALID_REQUEST', message: error.message })
    } else {
      onError(error)
      res.status(500).json({ code: 'ERR_INTERNAL', message: 'Something went wrong on the server.' })
    }
  }
}
