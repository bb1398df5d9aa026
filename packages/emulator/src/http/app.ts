import { Hono } from 'hono'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { EmulatorControls } from '../controls.js'
import { addControlRoutes } from '../routes/control.js'
import { endpoints } from '../routes/endpoints.js'
import { explainUnknownRoute } from '../routes/unknown-route.js'
import type { EmulatorApp } from './emulator-app.js'
import { Exchange } from './exchange.js'
import type { Surroundings } from '../surroundings.js'
import { splitTarget } from './target.js'

/** The routes: Agora's calls, the emulator's own under `/_emulator`, and an explanation for everything else. */
export function createApp(surroundings: Surroundings, controls: EmulatorControls): EmulatorApp {
  // Routes match the path as it was sent, so that an encoded slash stays inside its segment.
  const app: EmulatorApp = new Hono({
    getPath: (_request, options) => (options?.env === undefined ? '' : splitTarget(options.env.incoming)[0]),
  })
  const exchange = new Exchange(surroundings)
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.route, async (context) => {
      await exchange.serve(context.env, endpoint, context.req.param())
      return RESPONSE_ALREADY_SENT
    })
  }
  addControlRoutes(app, controls, surroundings.options)
  app.notFound((context) => {
    const { incoming } = context.env
    const [path] = splitTarget(incoming)
    exchange.refuse(context.env, explainUnknownRoute(incoming.method ?? '', path, endpoints))
    return RESPONSE_ALREADY_SENT
  })
  return app
}
