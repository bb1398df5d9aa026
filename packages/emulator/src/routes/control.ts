import { AgoraValidationError } from '@agora-signaling/core'
import type { Context } from 'hono'
import type { EmulatorControls } from '../controls.js'
import type { EmulatorApp } from '../http/app.js'
import { encodingAdvice, isEncoded } from '../http/target.js'

/**
 * The emulator's own calls, for those who run it as a program of its own: the same verbs that those who run it inside
 * their tests have. They take no credentials. Changes are PUT and DELETE, which a web page cannot send here, as there
 * are no CORS headers.
 */
export function addControlRoutes(app: EmulatorApp, controls: EmulatorControls): void {
  const { users, channels } = controls

  app.put('/_emulator/users/:userId', (context) =>
    change(context, () => users.login(context.req.param('userId'))),
  )
  app.delete('/_emulator/users/:userId', (context) =>
    change(context, () => users.logout(context.req.param('userId'))),
  )
  app.put('/_emulator/channels/:channel/users/:userId', (context) =>
    change(context, () => channels.join(context.req.param('channel'), context.req.param('userId'))),
  )
  app.delete('/_emulator/channels/:channel/users/:userId', (context) =>
    change(context, () => channels.leave(context.req.param('channel'), context.req.param('userId'))),
  )
  app.delete('/_emulator/state', (context) => change(context, () => controls.reset()))
  app.get('/_emulator/requests', (context) => context.json(controls.requests()))
  app.get('/_emulator/messages', (context) => context.json(controls.messages()))
}

function change(context: Context, action: () => void): Response {
  if (!isEncoded(context.req.path)) return context.json({ message: encodingAdvice }, 400)
  try {
    action()
  } catch (error) {
    if (!(error instanceof AgoraValidationError)) throw error
    return context.json({ message: error.message }, 400)
  }
  return context.body(null, 204)
}
