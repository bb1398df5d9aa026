import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server as HttpServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createRawServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server on this machine, for one test. */
export interface LocalServer {
  readonly url: string
  /** `127.0.0.1:4711` */
  readonly host: string
  /** The sockets clients opened so far. */
  readonly sockets: readonly Socket[]
}

/**
 * Starts an HTTP server for the running test.
 *
 * @param identity A key and a certificate make it speak TLS.
 */
export async function startServer(
  listener: RequestListener,
  identity?: { readonly key: string; readonly cert: string },
): Promise<LocalServer> {
  if (identity === undefined) {
    const server: HttpServer = createServer(listener)
    return listen(server, () => server.closeAllConnections())
  }
  const server = createSecureServer(identity, listener)
  return listen(server, () => server.closeAllConnections(), 'https')
}

/** Starts a server that speaks no protocol of its own. */
export async function startRawServer(onSocket: (socket: Socket) => void): Promise<LocalServer> {
  return listen(createRawServer(onSocket), () => undefined)
}

async function listen(server: Server, closeConnections: () => void, scheme = 'http'): Promise<LocalServer> {
  const sockets: Socket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    // Clients reset connections on purpose here.
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    closeConnections()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  const host = `127.0.0.1:${portOf(server)}`
  return { url: `${scheme}://${host}`, host, sockets }
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('The server does not listen on a port.')
}

/** A port on which nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createRawServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}
