import { defineChatProgram } from '@agora-signaling-apps/contract'

defineChatProgram('The Hono app', new URL('../dist/main.js', import.meta.url))
