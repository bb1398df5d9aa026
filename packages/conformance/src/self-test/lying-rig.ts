import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { listen, stopListening, urlOf } from '../listening.js'
import type { Rig, RunningSite, SitePlan } from '../rig.js'

/** A request on its way to an honest site. */
export interface Message {
  readonly headers: Headers
  readonly body: Buffer
}

/** An answer on its way back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** How a rig lies: by building another site than the plan says, by what it makes of requests and answers, or at its end. */
export interface Lie {
  /** What the rig does, in words. */
  readonly name: string
  /** A check that has to see it: section and name. */
  readonly caughtBy: readonly [section: string, check: string]
  readonly plan?: (plan: SitePlan) => SitePlan
  readonly request?: (message: Message, plan: SitePlan) => Message
  readonly answer?: (reply: Reply) => Reply
  readonly forgetTenant?: (key: string) => void
  readonly close?: (site: RunningSite, plan: SitePlan) => Promise<void>
  /** What `open` does when the honest rig refuses to start. */
  readonly startsAnyway?: boolean
}

/** A rig that lies about an honest one. */
export function lyingRig(honest: Rig, lie: Lie): Rig {
  const build = lie.plan ?? ((plan: SitePlan) => plan)
  return {
    ...honest,
    open: async (plan) => {
      const site = await honest.open(build(plan)).catch((error: unknown) => {
        if (lie.startsAnyway !== true) throw error
        const { tokenRoute: _token, notificationRoute: _notification, ...rest } = plan
        return honest.open({ ...rest, mounts: [] })
      })
      const seen = lie.request || lie.answer ? await between(site, lie, plan) : site
      const close = async (): Promise<void> => lie.close?.(seen, plan) ?? seen.close()
      return { server: seen.server, forgetTenant: lie.forgetTenant ?? seen.forgetTenant, close }
    },
  }
}

/** A rig that knows one answer: 200. */
export const emptyRig: Rig = {
  bodyParser: 'keeps the bytes',
  open: async () => {
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
    await listen(server)
    return { server, forgetTenant: () => {}, close: () => stopListening(server) }
  },
}

/** Puts a server in front of a site that changes what goes through. It does not notice when a caller goes away. */
async function between(site: RunningSite, lie: Lie, plan: SitePlan): Promise<RunningSite> {
  const url = urlOf(site.server)
  const pass = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const received = { headers: endToEndHeaders(req), body: await buffer(req) }
    const { headers, body } = lie.request?.(received, plan) ?? received
    const { method = 'GET' } = req
    const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0
    const answer = await fetch(`${url}${req.url}`, { method, headers, ...(hasBody ? { body } : {}) })
    const honest = { status: answer.status, headers: answer.headers, body: await answer.text() }
    const told = lie.answer?.(honest) ?? honest
    res.writeHead(told.status, Object.fromEntries(told.headers)).end(told.body)
  }
  const server = createServer((req, res) => {
    pass(req, res).catch(() => res.destroy())
  })
  await listen(server)
  const close = async (): Promise<void> => {
    await stopListening(server)
    await site.close()
  }
  return { server, forgetTenant: site.forgetTenant, close }
}

/** Without those that are about one connection. */
function endToEndHeaders({ headers }: IncomingMessage): Headers {
  const ofConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.has(name))
  return new Headers(kept.map(([name, value]) => [name, String(value)]))
}
