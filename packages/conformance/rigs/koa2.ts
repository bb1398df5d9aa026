import Koa from 'koa2'
import type { Rig } from '../src/index.js'
import { koaRig } from './koa.js'

export const koa2: Rig = koaRig(Koa)
