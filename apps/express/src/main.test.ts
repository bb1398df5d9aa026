import { defineChatProgram } from '@agora-signaling-apps/contract'

defineChatProgram('The Express app', new URL('../dist/main.js', import.meta.url))
