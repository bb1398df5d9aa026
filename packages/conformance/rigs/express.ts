import { createServer } from 'node:http'
import {
  agoraErrorHandler,
  agoraSignaling,
  getAgora,
  notificationRoute,
  tokenRoute,
} from '@agora-signaling/express'
import type express from 'express'
import type { ErrorRequestHandler, Request } from 'express'
import type { Caller, Rig, Route } from '../src/index.js'
import { listen, optionsForHost, stopListening, teapot, tokenOptionsForHost } from '../src/index.js'

const callerOf = (req: Request): Caller => ({ header: (name) => req.get(name) })

/** The same for Express 4 and 5. */
export function expressRig(version: typeof express): Rig {
  return {
    bodyParser: 'loses the bytes',
    open: async (plan) => {
      const app = version()
      if (plan.parsesBodies) app.use(version.json())
      const mounted = plan.mounts.map(({ prefix = '/', options }) => {
        const agora = agoraSignaling(optionsForHost(options, callerOf))
        app.use(prefix, agora)
        return agora
      })
      for (const { path, handle } of plan.routes) {
        app.all(path, (req, res, next) => {
          answerOf(handle, req, res).then((body) => res.json(body), next)
        })
      }
      const { tokenRoute: token, notificationRoute: notification } = plan
      if (token) app.all(token.path, tokenRoute(tokenOptionsForHost(token.options, callerOf)))
      if (notification) app.all(notification.path, notificationRoute(notification.options))
      const answerOtherErrors: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
        plan.onOtherError(error)
        res.status(teapot.status).json(teapot.body)
      }
      if (plan.handlesErrors) app.use(agoraErrorHandler({ onError: plan.onReport }), answerOtherErrors)

      const server = createServer(app)
      await listen(server)
      return {
        server,
        forgetTenant: (key) => mounted.forEach((agora) => agora.forgetTenant(key)),
        close: async () => {
          await stopListening(server)
          await Promise.all(mounted.map((agora) => agora.close()))
        },
      }
    },
  }
}

async function answerOf(handle: Route['handle'], req: Request, res: express.Response): Promise<unknown> {
  return handle({
    attached: () => req.agora,
    getAgora: () => getAgora(req),
    setHeader: (name, value) => res.set(name, value),
  })
}
