import type { Emulator, EmulatorCredentials } from '@agora-signaling/emulator'
import { expect } from 'vitest'
import type { Caller, Route } from '../rig.js'

/** What a client needs to talk to an emulator. One attempt for each call: how calls are repeated is a matter of core. */
export function optionsFor({
  credentials,
  url,
}: Emulator): EmulatorCredentials & { baseUrl: string; maxAttempts: number } {
  return { ...credentials, baseUrl: url, maxAttempts: 1 }
}

/** Sends a message to the channel `lobby`. */
export const lobby: Route = {
  path: '/lobby',
  handle: ({ getAgora }) => getAgora().messages.sendToChannel({ channel: 'lobby', payload: 'hello' }),
}

/** Tells whom the client of the request acts for. */
export function whoAt(path: string): Route {
  return { path, handle: ({ getAgora }) => ({ userId: getAgora().userId ?? null, appId: getAgora().appId }) }
}

/** The session of these sites is a header. */
export function sessionUser(caller: Caller): string | undefined {
  return caller.header('x-session')
}

export const post: RequestInit = { method: 'POST' }

export function as(userId: string): RequestInit {
  return { method: 'POST', headers: { 'x-session': userId } }
}

/** The senders of the messages that an emulator accepted, oldest first. */
export function sendersAt(emulator: Emulator): string[] {
  return emulator.messages().map(({ from }) => from)
}

/** As `expect.stringMatching`, without its type `any`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

/** As `expect.objectContaining`, without its type `any`. */
export function having(properties: object): unknown {
  return expect.objectContaining(properties)
}
