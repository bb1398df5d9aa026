import { express5 } from '../rigs/express5.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Express 5', express5)
