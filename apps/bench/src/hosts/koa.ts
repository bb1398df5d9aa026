import { createServer } from 'node:http'
import { agoraSignaling } from '@agora-signaling/koa'
import Koa from 'koa'
import { listening } from './listening.js'
import { callbacks, projectOptions } from './variant.js'
import type { Variant } from './variant.js'

export function startKoa(variant: Variant): Promise<string> {
  const app = new Koa()
  if (variant === 'empty') app.use((_ctx, next) => next())
  if (variant === 'attached') app.use(agoraSignaling(projectOptions))
  if (variant === 'callbacks') app.use(agoraSignaling({ ...projectOptions, ...callbacks }))
  app.use((ctx) => {
    ctx.body = ''
    ctx.status = 200
  })
  const handle = app.callback()
  return listening(
    createServer((req, res) => {
      void handle(req, res)
    }),
  )
}
