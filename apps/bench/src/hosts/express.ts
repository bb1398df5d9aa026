import { createServer } from 'node:http'
import { agoraSignaling } from '@agora-signaling/express'
import express from 'express'
import { listening } from './listening.js'
import { callbacks, projectOptions } from './variant.js'
import type { Variant } from './variant.js'

export function startExpress(variant: Variant): Promise<string> {
  const app = express()
  if (variant === 'empty') app.use((_req, _res, next) => next())
  if (variant === 'attached') app.use(agoraSignaling(projectOptions))
  if (variant === 'callbacks') app.use(agoraSignaling({ ...projectOptions, ...callbacks }))
  app.get('/', (_req, res) => {
    res.end()
  })
  return listening(createServer(app))
}
