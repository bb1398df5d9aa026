import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'

// It listens, has room for two connections, and its event loop stands still: the kernel drops what comes after.
const program = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
`

/** The port of an address on this machine that answers no attempt to connect, as one behind a firewall that drops packets. */
export async function startBlackHole(): Promise<number> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const fillers: Socket[] = []
  onTestFinished(async () => {
    for (const socket of fillers) socket.destroy()
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (text) => resolve(Number(String(text))))
  })
  // Until one is left waiting, there is room for more.
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    fillers.push(socket)
    const isConnected = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 500)),
    ])
    if (!isConnected) return port
  }
}
