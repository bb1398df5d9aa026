import { express4 } from '../rigs/express4.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Express 4', express4)
