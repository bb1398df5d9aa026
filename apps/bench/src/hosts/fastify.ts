import { agoraSignaling } from '@agora-signaling/fastify'
import { fastify } from 'fastify'
import { callbacks, projectOptions } from './variant.js'
import type { Variant } from './variant.js'

export async function startFastify(variant: Variant): Promise<string> {
  const app = fastify()
  if (variant === 'empty') app.addHook('onRequest', (_request, _reply, done) => done())
  if (variant === 'attached') await app.register(agoraSignaling, projectOptions)
  if (variant === 'callbacks') await app.register(agoraSignaling, { ...projectOptions, ...callbacks })
  app.get('/', async () => '')
  return app.listen({ port: 0, host: '127.0.0.1' })
}
