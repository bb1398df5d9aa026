import { koa2 } from '../rigs/koa2.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Koa 2', koa2)
