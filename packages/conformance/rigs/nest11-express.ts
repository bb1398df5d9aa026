// First: it decides which Nest everything after it gets.
import { nest11Rig } from './nest11.js'
import { ExpressAdapter } from '@nestjs/platform-express'
import type { Rig } from '../src/index.js'

export const nest11Express: Rig = nest11Rig(() => new ExpressAdapter(), 'optional')
