import { createServer } from 'node:http'
import { agoraSignaling, getAgora, notificationRoute, tokenRoute } from '@agora-signaling/koa'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import type Koa from 'koa'
import type { Context, Middleware } from 'koa'
import type { Caller, Rig } from '../src/index.js'
import { listen, optionsForHost, stopListening, teapot, tokenOptionsForHost } from '../src/index.js'

const callerOf = (ctx: Context): Caller => ({ header: (name) => ctx.get(name) || undefined })

/** The same for Koa 2 and 3. */
export function koaRig(Version: typeof Koa): Rig {
  return {
    // @koa/bodyparser leaves the text as rawBody.
    bodyParser: 'keeps the bytes',
    open: async (plan) => {
      const app = new Version()
      app.on('error', plan.onReport)
      const answerOtherErrors: Middleware = async (ctx, next) => {
        try {
          await next()
        } catch (error) {
          plan.onOtherError(error)
          ctx.status = teapot.status
          ctx.body = teapot.body
        }
      }
      if (plan.handlesErrors) app.use(answerOtherErrors)
      if (plan.parsesBodies) app.use(bodyParser())
      const router = new Router()
      const mounted = plan.mounts.map(({ prefix, options }) => {
        const agora = agoraSignaling(optionsForHost(options, callerOf))
        if (prefix === undefined) app.use(agora)
        else router.use(prefix, agora)
        return agora
      })
      for (const { path, handle } of plan.routes) {
        router.all(path, async (ctx) => {
          ctx.body = await handle({
            attached: () => ctx.agora,
            getAgora: () => getAgora(ctx),
            setHeader: (name, value) => ctx.set(name, value),
          })
        })
      }
      const { tokenRoute: token, notificationRoute: notification } = plan
      if (token) router.all(token.path, tokenRoute(tokenOptionsForHost(token.options, callerOf)))
      if (notification) router.all(notification.path, notificationRoute(notification.options))
      app.use(router.routes())

      const callback = app.callback()
      const server = createServer((req, res) => void callback(req, res))
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
