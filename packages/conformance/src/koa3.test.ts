import { koa3 } from '../rigs/koa3.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Koa 3', koa3)
