import { createEmulator } from '@agora-signaling/emulator'
import type { Emulator, EmulatorOptions } from '@agora-signaling/emulator'
import type { ErrorRequestHandler, Express, Request } from 'express'
import { afterAll, afterEach, beforeAll, onTestFinished, vi } from 'vitest'
import { agoraErrorHandler, agoraSignaling } from './index.js'
import type { AgoraSignalingHandler, AgoraSignalingOptions } from './index.js'
import { route, serve } from './site.test.support.js'
import type { Site } from './site.test.support.js'

/** An emulator for all tests of a file, emptied after each. */
export function useEmulator(options?: EmulatorOptions): () => Emulator {
  let emulator: Emulator | undefined
  const current = (): Emulator => {
    if (emulator === undefined) throw new Error('The emulator runs inside tests only.')
    return emulator
  }
  beforeAll(async () => {
    emulator = await createEmulator(options)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    current().reset()
  })
  afterAll(() => current().close())
  return current
}

/** What a client needs to talk to an emulator. */
export function optionsFor({ credentials, url }: Emulator): typeof credentials & { baseUrl: string } {
  return { ...credentials, baseUrl: url }
}

/** Forgets what the developer's own machine has set. */
export function stubEnvironment(values: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) {
    if (name.includes('AGORA')) vi.stubEnv(name, undefined)
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
}

/** The middleware, closed after the test. */
export function useAgora(options?: AgoraSignalingOptions<Request>): AgoraSignalingHandler {
  const agora = agoraSignaling(options)
  onTestFinished(() => agora.close())
  return agora
}

/** A site with one route, which sends a message to the lobby. */
export interface Lobby {
  readonly site: Site
  /** The errors that reached the application, and those that `onError` was told of. */
  readonly errors: readonly unknown[]
}

export async function openLobby(
  express: () => Express,
  options?: AgoraSignalingOptions<Request>,
): Promise<Lobby> {
  const errors: unknown[] = []
  const app = express()
  app.use(useAgora(options))
  app.post(
    '/lobby',
    route(async (req, res) => {
      res.json(await req.agora.messages.sendToChannel({ channel: 'lobby', payload: 'hello' }))
    }),
  )
  app.use(agoraErrorHandler({ onError: (error) => errors.push(error) }))
  app.use(answerWithTeapot(errors))
  return { site: await serve(app), errors }
}

/** The application's own error handler: its answer looks like no other. */
export function answerWithTeapot(errors: unknown[]): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    errors.push(error)
    res.status(418).json({ code: 'TEAPOT' })
  }
}
