import { fastify5 } from '../rigs/fastify5.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Fastify 5', fastify5)
