import { defineChatProgram } from '@agora-signaling-apps/contract'

defineChatProgram('The Nest app', new URL('../dist/main.js', import.meta.url))
