import { ExpressAdapter } from '@nestjs/platform-express'
import type { Rig } from '../src/index.js'
import { nestRig } from './nest.js'

export const nest12Express: Rig = nestRig(() => new ExpressAdapter(), 'optional')
