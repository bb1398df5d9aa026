import { createServer } from 'node:http'
import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator } from '@agora-signaling/emulator'
import Koa3 from 'koa'
import type { Context, Middleware } from 'koa'
import Koa2 from 'koa2'
import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest'
import { agoraSignaling } from './index.js'
import type { AgoraSignalingMiddleware, AgoraSignalingOptions } from './index.js'

/** Every test of this package runs on both. */
export const koaVersions: readonly { version: string; Koa: typeof Koa3 }[] = [
  { version: 'Koa 2', Koa: Koa2 },
  { version: 'Koa 3', Koa: Koa3 },
]

/** An emulator for all tests of a file, emptied after each. */
export function useEmulator(): () => Emulator {
  let emulator: Emulator | undefined
  const current = (): Emulator => {
    if (emulator === undefined) throw new Error('The emulator runs inside tests only.')
    return emulator
  }
  beforeAll(async () => {
    emulator = await createEmulator()
  })
  afterEach(() => current().reset())
  afterAll(() => current().close())
  return current
}

/** What a client needs to talk to an emulator. */
export function optionsFor({ credentials, url }: Emulator): typeof credentials & { baseUrl: string } {
  return { ...credentials, baseUrl: url }
}

/** The middleware, closed after the test. */
export function useAgora(options: AgoraSignalingOptions<Context>): AgoraSignalingMiddleware {
  const agora = agoraSignaling(options)
  onTestFinished(() => agora.close())
  return agora
}

/** Sends a message to the lobby. */
export const sendToLobby: Middleware = async (ctx) => {
  ctx.body = await ctx.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' })
}

/** One HTTP answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Serves an application for the rest of the test; gives the way to ask it. */
export async function serve(app: Koa3): Promise<(path: string, init?: RequestInit) => Promise<Answer>> {
  const callback = app.callback()
  const server = createServer((req, res) => void callback(req, res))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The site listens on no port.')
  return async (path, init) => {
    const response = await fetch(`http://127.0.0.1:${address.port}${path}`, init)
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
}
