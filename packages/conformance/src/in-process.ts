import { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:http'
import { Socket } from 'node:net'

/** A socket that leads nowhere: what is written to it is gone. */
class NoSocket extends Socket {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }

  override _writev(_chunks: unknown, done: () => void): void {
    done()
  }
}

/**
 * Hands a request to a server without the network, as Node does it: many times faster, and nothing of the network is in
 * the way of a measurement. Resolves with the status when the answer is complete.
 */
export async function requestInProcess(
  server: Server,
  { method, path, headers }: { method: string; path: string; headers: Readonly<Record<string, string>> },
): Promise<number> {
  const socket = new NoSocket()
  const request = new IncomingMessage(socket)
  Object.assign(request, { method, url: path, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 })
  request.headers = { host: 'localhost', ...headers }
  request.rawHeaders = Object.entries(request.headers).flatMap(([name, value]) => [name, String(value)])
  request.complete = true
  request.push(null)
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  await new Promise<void>((resolve) => {
    response.once('finish', () => {
      response.detachSocket(socket)
      // As Node does with a body that nobody read.
      request.resume()
      // The event loop turns between two requests, so that timers and what they hold come to an end.
      setImmediate(() => {
        response.emit('close')
        socket.destroy()
        resolve()
      })
    })
    server.emit('request', request, response)
  })
  return response.statusCode
}
