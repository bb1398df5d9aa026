// First: it decides which Nest everything after it gets.
import { nest11Rig } from './nest11.js'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { Rig } from '../src/index.js'

export const nest11Fastify: Rig = nest11Rig(() => new FastifyAdapter(), 'always there')
