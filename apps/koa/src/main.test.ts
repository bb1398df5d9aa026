import { defineChatProgram } from '@agora-signaling-apps/contract'

defineChatProgram('The Koa app', new URL('../dist/main.js', import.meta.url))
