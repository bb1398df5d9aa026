import { isAgoraError } from '@agora-signaling/core'
import type { Context } from 'hono'
import type { HttpBindings } from '@hono/node-server'
import type { EmulatorControls } from '../controls.js'
import type { EmulatorApp } from '../http/emulator-app.js'
import { controlCallerProblem } from '../http/control-caller.js'
import { dateHeader } from '../http/date.js'
import { headerText, warningHeader } from '../http/header-text.js'
import { encodingAdvice, isEncoded } from '../http/target.js'
import { mistakenTextWarning } from '../mistaken-text.js'
import type { ResolvedOptions } from '../options.js'
import { shortened } from '../redaction.js'
import { version } from '../version.js'

type ControlContext = Context<{ Bindings: HttpBindings }>

const calls =
  'PUT and DELETE /_emulator/users/{userId}, PUT and DELETE /_emulator/channels/{channel}/users/{userId}, DELETE /_emulator/state, GET /_emulator/requests, /_emulator/messages, /_emulator/dropped, /_emulator/health'

/**
 * The emulator's own calls, for those who run it as a program of its own: the same verbs that those who run it inside
 * their tests have. They take no credentials, so who may call is decided by {@link controlCallerProblem}.
 */
export function addControlRoutes(
  app: EmulatorApp,
  controls: EmulatorControls,
  { host, allowedHosts, credentials, now }: ResolvedOptions,
): void {
  const { users, channels } = controls
  const health = { ok: true, version, appId: shortened(credentials.appId) }

  app.use('/_emulator/*', async (context, next) => {
    context.header('date', dateHeader(now).date)
    const problem = controlCallerProblem(context.env.incoming, { host, allowedHosts })
    return problem === undefined ? next() : refuse(context, 403, problem)
  })
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
  app.get('/_emulator/dropped', (context) => context.json(controls.dropped()))
  app.get('/_emulator/health', (context) => context.json(health))
  app.all('/_emulator/*', (context) =>
    refuse(context, 404, `No control call is like this. There are: ${calls}.`),
  )
}

function change(context: ControlContext, action: () => void): Response {
  if (!isEncoded(context.req.path)) return refuse(context, 400, encodingAdvice)
  try {
    action()
  } catch (error) {
    if (!isAgoraError(error)) throw error
    return refuse(context, 400, error.message)
  }
  const warnings = Object.entries(context.req.param()).flatMap(
    ([name, value]) => mistakenTextWarning(`${name} in the path`, value) ?? [],
  )
  return context.body(null, 204, warningHeader(warnings))
}

function refuse(context: ControlContext, status: 400 | 403 | 404, reason: string): Response {
  return context.json({ message: reason }, status, { 'x-emulator-reason': headerText(reason) })
}
