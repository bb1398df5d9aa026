import Koa from 'koa'
import type { Rig } from '../src/index.js'
import { koaRig } from './koa.js'

export const koa3: Rig = koaRig(Koa)
