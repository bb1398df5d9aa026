import { once } from 'node:events'
import { createEmulator } from '@agora-signaling/emulator'
import { serve } from '@hono/node-server'
import { createApp } from './app.js'

// Half a set-up should be told as a mistake, so a single variable is enough to mean Agora itself.
const isConfigured = Object.keys(process.env).some((name) => name.startsWith('AGORA_'))

try {
  await start()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

async function start(): Promise<void> {
  const port = Number(process.env['PORT'] || 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError('PORT must be a number from 0 to 65535; 0 takes a free one.')
  }
  const emulator = isConfigured ? undefined : await createEmulator()
  const chat = createApp(emulator && { ...emulator.credentials, baseUrl: emulator.url })
  // Only this machine gets in, as long as the login is a stub.
  const server = serve({ fetch: chat.app.fetch, port, hostname: '127.0.0.1' })
  await once(server, 'listening')

  const stop = async (): Promise<void> => {
    server.close() // lets the requests under way end
    // Milliseconds; their connections would wait for seconds for another request. A server for HTTP/2 has no such wait.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 1
    await once(server, 'close')
    await Promise.all([chat.close(), emulator?.close()])
  }
  // A second signal finds no handler, and ends the process at once.
  process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop())

  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  const upstream = emulator === undefined ? 'Agora' : `an emulator at ${emulator.url}`
  process.stdout.write(`The chat back end listens on ${url} and talks to ${upstream}.\n`)
}
