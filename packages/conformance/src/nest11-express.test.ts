import { nest11Express } from '../rigs/nest11-express.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Nest 11 on Express', nest11Express)
