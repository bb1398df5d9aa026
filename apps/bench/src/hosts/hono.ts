import { createServer } from 'node:http'
import { agoraSignaling } from '@agora-signaling/hono'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { listening } from './listening.js'
import { callbacks, projectOptions } from './variant.js'
import type { Variant } from './variant.js'

export function startHono(variant: Variant): Promise<string> {
  const app = new Hono()
  if (variant === 'empty') app.use((_c, next) => next())
  if (variant === 'attached') app.use(agoraSignaling(projectOptions))
  if (variant === 'callbacks') app.use(agoraSignaling({ ...projectOptions, ...callbacks }))
  app.get('/', (c) => c.text(''))
  const handle = getRequestListener(app.fetch)
  return listening(
    createServer((req, res) => {
      void handle(req, res)
    }),
  )
}
