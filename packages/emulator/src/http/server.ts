import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { AgoraConfigError } from '@agora-signaling/core'
import type { EmulatorApp } from './emulator-app.js'
import { dateHeader } from './date.js'
import { headerText } from './header-text.js'

/**
 * Serves the app and waits until it can be reached.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when the port is taken, or the address is not this machine's.
 */
export async function listen(
  app: EmulatorApp,
  { port, host, now }: { port: number; host: string; now: () => number },
): Promise<Server> {
  const listener = getRequestListener(app.fetch, {
    // The emulator runs inside other people's tests, so it must not replace their `Request` and `Response`.
    overrideGlobalObjects: false,
    errorHandler: (error) =>
      unreadable(`The URL or the Host header is not valid: ${messageOf(error)}.`, dateHeader(now)),
  })
  // Without a Host header there would be an answer of Node's own, without a reason.
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => {
    void listener(incoming, outgoing)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET') socket.destroy()
    else answerUnreadable(socket, explainParseError(error), dateHeader(now))
  })
  server.on('connect', (_request: unknown, socket: Duplex) => {
    // Without a listener the client may reset the connection unheard; with one, an error nobody hears ends the process.
    socket.on('error', () => socket.destroy())
    answerUnreadable(socket, proxyAdvice, dateHeader(now))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, port, host)))
    server.listen(port, host, resolve)
  })
  return server
}

/** The URL to reach a server at, without a final slash. An address that means every interface becomes loopback. */
export function urlOf(server: Server): string {
  const address = server.address()
  if (!isAddressInfo(address)) throw new TypeError('The server does not listen on a TCP port.')
  if (address.address === '0.0.0.0' || address.address === '::') return `http://127.0.0.1:${address.port}`
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

/** Stops listening and cuts the connections that are open, kept alive or in use. Doing it again does no harm. */
export async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const headersOf = (reason: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-emulator-reason': headerText(reason),
  'x-emulator-synthetic': 'true',
})

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function unreadable(reason: string, date: { readonly date: string }): Response {
  const headers = { ...headersOf(reason), ...date }
  return new Response(JSON.stringify({ message: 'Bad Request' }), { status: 400, headers })
}

const proxyAdvice =
  'The emulator is no proxy: is it in HTTPS_PROXY or HTTP_PROXY? Set AGORA_REST_BASE_URL to its URL instead.'

/** Bytes that Node cannot read as a request get an answer that is written by hand. */
function answerUnreadable(socket: Duplex, reason: string, date: { readonly date: string }): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify({ message: 'Bad Request' })
  const headers = {
    ...date,
    ...headersOf(reason),
    'content-length': String(body.length),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

function explainParseError({ code }: NodeJS.ErrnoException): string {
  if (code === 'HPE_HEADER_OVERFLOW')
    return 'The headers of the request are over 16 KiB: is a header sent twice?'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request did not arrive completely in time.'
  return 'The request is not valid HTTP/1.1: is there a space or a line break in the URL? Encode IDs and query values.'
}

function explainListenError(error: NodeJS.ErrnoException, port: number, host: string): AgoraConfigError {
  const explanations: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is taken: choose another port, or 0 for any free one.`,
    EACCES: `Port ${port} on ${host} needs rights this process does not have: choose a port above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: choose 127.0.0.1, or 0.0.0.0 for every interface.`,
    ENOTFOUND: `${host} is not a known host name: choose 127.0.0.1, or 0.0.0.0 for every interface.`,
  }
  const explanation = explanations[error.code ?? ''] ?? `The emulator cannot listen on ${host}, port ${port}.`
  return new AgoraConfigError('ERR_CONFIG_INVALID', explanation, { cause: error })
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
