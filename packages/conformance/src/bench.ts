import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator } from '@agora-signaling/emulator'
import { vi } from 'vitest'
import { listen, urlOf } from './listening.js'
import type { Rig, SitePlan } from './rig.js'

/** A site of the rig, opened for one check. */
export interface Site {
  readonly server: Server
  /** Sends a request and reads the answer to its end. A site that does not answer in five seconds fails the check. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Answer>
  /** What the adapter reported as a fault of the server. */
  readonly reports: readonly unknown[]
  /** What reached the application's own error handler. */
  readonly otherErrors: readonly unknown[]
  /** Forgets a tenant, as the adapter's documentation says. */
  readonly forgetTenant: (key: string) => void
  /** Shuts the site down as the adapter's documentation says. */
  readonly close: () => Promise<void>
}

/** One HTTP answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The parsed JSON body; the text itself when it is not JSON. */
  readonly body: unknown
}

/** What a check may ask for. Everything is cleared away after it. */
export interface Bench {
  readonly bodyParser: Rig['bodyParser']
  /** Opens a site. Whatever the plan leaves out is not there. */
  readonly open: (plan: Partial<SitePlan>) => Promise<Site>
  readonly emulator: () => Promise<Emulator>
  /** A stand-in for Agora, or for whatever else. */
  readonly serve: (listener: RequestListener) => Promise<Server>
  /** Sets environment variables until the check is over. Those of Agora are not set before. */
  readonly setEnvironment: (values: Readonly<Record<string, string>>) => void
}

const patienceMs = 20_000

/** Lends a bench to a check, and clears it away. */
export async function withBench(rig: Rig, use: (bench: Bench) => Promise<void>): Promise<void> {
  const clearances: (() => unknown)[] = []
  const emulator = async (): Promise<Emulator> => {
    const started = await createEmulator()
    clearances.push(() => started.close())
    return started
  }
  const serve = async (listener: RequestListener): Promise<Server> => {
    const server = createServer(listener)
    await listen(server)
    clearances.push(() => {
      server.close()
      server.closeAllConnections()
    })
    return server
  }
  const open = async (plan: Partial<SitePlan>): Promise<Site> => {
    const site = await openSite(rig, plan)
    clearances.push(() => {
      site.server.closeAllConnections()
      return site.close()
    })
    return site
  }
  const agoraNames = Object.keys(process.env).filter((name) => name.includes('AGORA'))
  setEnvironment(Object.fromEntries(agoraNames.map((name) => [name, undefined])))
  // What core says of failed calls is for developers, and these checks make many fail.
  setEnvironment({ AGORA_LOG_LEVEL: 'silent' })
  clearances.push(() => vi.unstubAllEnvs())
  try {
    await use({ bodyParser: rig.bodyParser, open, emulator, serve, setEnvironment })
  } finally {
    await Promise.all(clearances.map(async (clear) => clear()))
  }
}

function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
}

async function openSite(rig: Rig, plan: Partial<SitePlan>): Promise<Site> {
  const [reports, otherErrors]: [unknown[], unknown[]] = [[], []]
  const running = await rig.open({
    parsesBodies: false,
    mounts: [],
    routes: [],
    handlesErrors: true,
    onReport: (error) => void reports.push(error),
    onOtherError: (error) => void otherErrors.push(error),
    ...plan,
  })
  const url = urlOf(running.server)
  let closed: Promise<void> | undefined
  return {
    server: running.server,
    reports,
    otherErrors,
    fetch: async (path, init) =>
      readAnswer(await fetch(`${url}${path}`, { signal: AbortSignal.timeout(patienceMs), ...init })),
    forgetTenant: running.forgetTenant,
    close: () => (closed ??= running.close()),
  }
}

async function readAnswer(response: Awaited<ReturnType<typeof fetch>>): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body }
}
