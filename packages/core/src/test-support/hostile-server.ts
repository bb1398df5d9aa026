import type { IncomingMessage, ServerResponse } from 'node:http'
import { isJsonObject, textField } from '../input/json.js'
import { startServer } from './local-server.js'

/** A server that repeats what it is sent: where, how it is written, and with which status. */
export interface Echo {
  readonly place: string
  readonly encode: (text: string) => string
  readonly status: number
}

/** A server that answers every request with an echo of all its parts. */
export interface HostileServer {
  readonly url: string
  /** How it answers from now on. */
  echo: Echo
  /** The tokens it was sent. */
  readonly tokens: ReadonlySet<string>
}

export async function startHostileServer(): Promise<HostileServer> {
  const tokens = new Set<string>()
  const { url } = await startServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const parts = partsOf(request, Buffer.concat(chunks).toString(), tokens)
      const { encode, place, status } = hostile.echo
      places[place]?.({ text: parts.map(encode).join(' '), status, request, response })
    })
  })
  const hostile: HostileServer = { url, tokens, echo: { place: 'text', encode: String, status: 400 } }
  return hostile
}

/** All that can be told of a request: its headers, what is inside them, its path, its query, its body and the texts in it. */
function partsOf({ url = '', headers }: IncomingMessage, body: string, tokens: Set<string>): string[] {
  const { authorization = '', 'x-agora-token': xToken = '' } = headers
  const token = authorization.split('token=')[1] ?? String(xToken)
  if (token !== '') tokens.add(token)
  const basic = authorization.split('Basic ')[1]
  const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString()
  const sent: unknown = body.startsWith('{') ? JSON.parse(body) : undefined
  const payload = (isJsonObject(sent) ? textField(sent, 'payload') : undefined) ?? body
  const parts = [
    pair.split(':')[1],
    payload,
    token,
    basic,
    pair,
    authorization,
    url,
    body,
    ...url.split(/[/?&=]/),
  ]
  return parts.filter((part): part is string => part !== undefined && part.length > 3)
}

interface Answering {
  readonly text: string
  readonly status: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 6000)
const inBody =
  (field: string) =>
  ({ text, status, response }: Answering) =>
    void response.writeHead(status).end(JSON.stringify({ error: true, [field]: text }))
const inHeader =
  (name: string) =>
  ({ text, status, response }: Answering) =>
    void response.writeHead(status, { [name]: headerText(text) }).end('{"result":"failed"}')
/** Bytes that are no HTTP: what undici cannot read becomes an error that holds them. */
const raw =
  (write: (text: string, status: number) => string) =>
  ({ text, status, request }: Answering) =>
    void request.socket.end(write(text, status))

export const statuses: readonly number[] = [200, 302, 400, 401, 403, 404, 408, 429, 435, 500, 502]

/** Where a server can put an echo. */
export const places: Readonly<Record<string, (answering: Answering) => void>> = {
  text: ({ text, status, response }) => void response.writeHead(status).end(text),
  html: ({ text, status, response }) =>
    void response
      .writeHead(status)
      .end(`<html><title>${status} Bad Gateway</title><p>Invalid token: ${text}</p></html>`),
  json: ({ text, status, response }) => void response.writeHead(status).end(JSON.stringify([text])),
  cutOff: ({ text, status, response }) => void response.writeHead(status).end(`{"reason":"${text}`),
  reason: inBody('reason'),
  message: inBody('message'),
  msg: inBody('msg'),
  code: inBody('code'),
  description: inBody('error_description'),
  ownField: inBody('detail'),
  requestId: inBody('request_id'),
  requestIdOfOlder: inBody('requestId'),
  oneRequestId: ({ text, status, response }) =>
    void response.writeHead(status, { 'x-request-id': headerText(text.split(' ', 1)[0] ?? '') }).end('{}'),
  endlessRequestId: ({ text, status, response }) =>
    void response.writeHead(status).end(
      JSON.stringify({
        request_id: `\u001b[2J\r\n${text}${'7'.repeat(100_000)}`,
        reason: `the token\u001b[2J\r\nis ${text}`,
      }),
    ),
  requestIdHeader: inHeader('x-request-id'),
  emulatorReason: inHeader('x-emulator-reason'),
  retryAfter: inHeader('retry-after'),
  date: inHeader('date'),
  location: inHeader('location'),
  contentType: inHeader('content-type'),
  statusText: ({ text, status, response }) => void response.writeHead(status, headerText(text)).end('{}'),
  noProtocol: raw((text) => `${text}\r\n\r\n`),
  statusLine: raw((text) => `HTTP/1.1 ${text}\r\n\r\n`),
  headerName: raw((text, status) => `HTTP/1.1 ${status} OK\r\n${headerText(text)} (: x\r\n\r\n`),
  headerValue: raw((text, status) => `HTTP/1.1 ${status} OK\r\nx: \u0001${headerText(text)}\r\n\r\n`),
  chunkSize: raw((text, status) => `HTTP/1.1 ${status} OK\r\ntransfer-encoding: chunked\r\n\r\n${text}\r\n`),
  length: raw((text, status) => `HTTP/1.1 ${status} OK\r\ncontent-length: ${headerText(text)}\r\n\r\n`),
  tooShort: raw((text, status) => `HTTP/1.1 ${status} OK\r\ncontent-length: 99999999\r\n\r\n{"a":"${text}`),
  upgrade: raw(
    (text) => `HTTP/1.1 101 ${headerText(text)}\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n${text}`,
  ),
}
