import { hono4 } from '../rigs/hono4.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Hono 4', hono4)
