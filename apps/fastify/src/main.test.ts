import { defineChatProgram } from '@agora-signaling-apps/contract'

defineChatProgram('The Fastify app', new URL('../dist/main.js', import.meta.url))
