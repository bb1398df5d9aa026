import { express4 } from '../rigs/express4.js'
import { express5 } from '../rigs/express5.js'
import { fastify5 } from '../rigs/fastify5.js'
import { hono4 } from '../rigs/hono4.js'
import { koa2 } from '../rigs/koa2.js'
import { koa3 } from '../rigs/koa3.js'
import { nest11Express } from '../rigs/nest11-express.js'
import { nest11Fastify } from '../rigs/nest11-fastify.js'
import { nest12Express } from '../rigs/nest12-express.js'
import { nest12Fastify } from '../rigs/nest12-fastify.js'
import { memoryOver } from './checks/memory.js'
import { defineAdapterConformance } from './index.js'
import type { Rig } from './index.js'

const hosts: ReadonlyMap<string, Rig> = new Map([
  ['Express 4', express4],
  ['Express 5', express5],
  ['Koa 2', koa2],
  ['Koa 3', koa3],
  ['Fastify 5', fastify5],
  ['Hono 4', hono4],
  ['Nest 11 on Express', nest11Express],
  ['Nest 11 on Fastify', nest11Fastify],
  ['Nest 12 on Express', nest12Express],
  ['Nest 12 on Fastify', nest12Fastify],
])

for (const [name, rig] of hosts) defineAdapterConformance(name, rig, [memoryOver(100_000)])
