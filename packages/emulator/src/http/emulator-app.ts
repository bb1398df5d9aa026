import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'

/** The web application of the emulator. Its handlers also get Node's own request and response. */
export type EmulatorApp = Hono<{ Bindings: HttpBindings }>
