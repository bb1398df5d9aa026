import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import {
  agoraErrorHandler,
  agoraSignaling,
  getAgora,
  isAgoraError,
  notificationRoute,
  tokenRoute,
} from '@agora-signaling/hono'
import type { SignalingClient } from '@agora-signaling/hono'
import { Hono } from 'hono'
import type { Context, ErrorHandler } from 'hono'
import type { Caller, Rig } from '../src/index.js'
import { listen, optionsForHost, stopListening, teapot, tokenOptionsForHost } from '../src/index.js'

const callerOf = (c: Context): Caller => ({ header: (name) => c.req.header(name) })

export const hono4: Rig = {
  bodyParser: 'keeps the bytes',
  open: async (plan) => {
    const app = new Hono<{ Variables: { agora?: SignalingClient } }>()
    const answerAgoraError = agoraErrorHandler({ onError: plan.onReport })
    const answerError: ErrorHandler = (error, c) => {
      if (isAgoraError(error)) return answerAgoraError(error, c)
      plan.onOtherError(error)
      return Response.json(teapot.body, { status: teapot.status })
    }
    if (plan.handlesErrors) app.onError(answerError)
    if (plan.parsesBodies) {
      app.use(async (c, next) => {
        await c.req.json()
        await next()
      })
    }
    const mounted = plan.mounts.map(({ prefix, options }) => {
      const agora = agoraSignaling(optionsForHost(options, callerOf))
      app.use(prefix === undefined ? '*' : `${prefix}/*`, agora)
      return agora
    })
    for (const { path, handle } of plan.routes) {
      app.all(path, async (c) => {
        const setHeader = (name: string, value: string): void => c.header(name, value)
        return c.json(
          await handle({ attached: () => c.get('agora'), getAgora: () => getAgora(c), setHeader }),
        )
      })
    }
    const { tokenRoute: token, notificationRoute: notification } = plan
    if (token) app.all(token.path, tokenRoute(tokenOptionsForHost(token.options, callerOf)))
    if (notification) app.all(notification.path, notificationRoute(notification.options))

    const listener = getRequestListener(app.fetch)
    const server = createServer((req, res) => void listener(req, res))
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
