import { nodeHttp } from '../rigs/node-http.js'
import { defineAdapterConformance } from './index.js'

defineAdapterConformance('node:http', nodeHttp)
