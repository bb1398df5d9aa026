import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller, Rig, Route, SitePlan } from '../src/index.js'
import { listen, optionsForHost, stopListening, teapot, tokenOptionsForHost } from '../src/index.js'
import {
  agoraSignaling,
  answerAgoraError,
  getAgora,
  notificationRoute,
  tokenRoute,
} from './node-http-adapter.js'
import type { Handler } from './node-http-adapter.js'

const callerOf = ({ headers }: IncomingMessage): Caller => ({
  header: (name) => headers[name.toLowerCase()]?.toString(),
})

export const nodeHttp: Rig = {
  bodyParser: 'loses the bytes',
  open: async (plan) => {
    const mounted = plan.mounts.map(({ prefix = '', options }) => ({
      prefix,
      agora: agoraSignaling(optionsForHost(options, callerOf)),
    }))
    const routes = routesOf(plan)
    const serve: Handler = async (req, res) => {
      const [path = '/'] = (req.url ?? '/').split('?')
      if (plan.parsesBodies) await readBody(req)
      for (const { prefix, agora } of mounted) if (`${path}/`.startsWith(`${prefix}/`)) await agora(req, res)
      const route = routes.get(path)
      if (route === undefined) answerJson(res, 404, {})
      else await route(req, res)
    }
    const answerError = (error: unknown, res: ServerResponse): void => {
      if (plan.handlesErrors && answerAgoraError(error, res, plan.onReport)) return
      if (plan.handlesErrors) plan.onOtherError(error)
      if (res.headersSent) res.destroy()
      else if (plan.handlesErrors) answerJson(res, teapot.status, teapot.body)
      else answerJson(res, 500, {})
    }
    const server = createServer((req, res) => {
      serve(req, res).catch((error: unknown) => answerError(error, res))
    })
    await listen(server)
    return {
      server,
      forgetTenant: (key) => mounted.forEach(({ agora }) => agora.forgetTenant(key)),
      close: async () => {
        await stopListening(server)
        await Promise.all(mounted.map(({ agora }) => agora.close()))
      },
    }
  },
}

function routesOf({
  routes,
  tokenRoute: token,
  notificationRoute: notification,
}: SitePlan): Map<string, Handler> {
  const handlers = new Map(routes.map(({ path, handle }) => [path, handlerOf(handle)]))
  if (token) handlers.set(token.path, tokenRoute(tokenOptionsForHost(token.options, callerOf)))
  if (notification) handlers.set(notification.path, notificationRoute(notification.options))
  return handlers
}

function handlerOf(handle: Route['handle']): Handler {
  return async (req, res) => {
    const body: unknown = await handle({
      attached: () => getAgora(req),
      getAgora: () => getAgora(req),
      setHeader: (name, value) => res.setHeader(name, value),
    })
    answerJson(res, 200, body)
  }
}

/** As a body parser does, which keeps what it parsed and not the bytes. */
async function readBody(req: IncomingMessage): Promise<void> {
  await req.toArray()
}

function answerJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body) ?? '')
}
