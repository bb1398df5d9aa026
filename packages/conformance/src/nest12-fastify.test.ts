import { nest12Fastify } from '../rigs/nest12-fastify.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Nest 12 on Fastify', nest12Fastify)
