import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { Rig } from '../src/index.js'
import { nestRig } from './nest.js'

export const nest12Fastify: Rig = nestRig(() => new FastifyAdapter(), 'always there')
