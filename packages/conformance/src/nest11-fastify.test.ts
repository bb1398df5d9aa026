import { nest11Fastify } from '../rigs/nest11-fastify.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Nest 11 on Fastify', nest11Fastify)
