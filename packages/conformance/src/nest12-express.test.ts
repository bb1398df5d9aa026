import { nest12Express } from '../rigs/nest12-express.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('Nest 12 on Express', nest12Express)
