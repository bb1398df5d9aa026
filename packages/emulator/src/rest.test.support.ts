import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { buildAccessToken2, buildSignalingToken } from '@agora-signaling/core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createEmulator } from './emulator.js'
import type { Emulator } from './emulator.js'
import type { EmulatorOptions } from './options.js'

/** The answer to one HTTP request. */
export interface RestAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** The parsed JSON body, or `undefined` when it is empty. */
  readonly body: unknown
  /** The header `x-emulator-reason`. */
  readonly reason: string | undefined
  /** Whether the answer says that its body is made up. */
  readonly synthetic: boolean
}

export interface RestRequest {
  readonly method?: string
  /** Sent as it is: no URL parser cleans it up. */
  readonly path: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Uint8Array
}

interface ChannelRest {
  readonly channelType?: string
  /** With its question mark. */
  readonly query?: string
}

/** An emulator with what a test needs to talk to it over a real socket. */
export class TestEmulator {
  readonly emulator: Emulator
  readonly basic: { readonly authorization: string }
  readonly project: string

  constructor(emulator: Emulator) {
    const { appId, customerId, customerSecret } = emulator.credentials
    this.emulator = emulator
    this.basic = basicHeader(customerId, customerSecret)
    this.project = `/dev/v2/project/${appId}/rtm`
  }

  /** Sends a request with Basic credentials, unless it brings headers of its own. */
  call(rest: RestRequest): Promise<RestAnswer> {
    return send(this.emulator.url, { headers: this.basic, ...rest })
  }

  get(path: string, headers: OutgoingHttpHeaders = this.basic): Promise<RestAnswer> {
    return this.call({ path, headers })
  }

  post(path: string, body: unknown, headers: OutgoingHttpHeaders = this.basic): Promise<RestAnswer> {
    return this.call({ method: 'POST', path, headers, body: JSON.stringify(body) })
  }

  /** Sends a peer message from alice to bob; `more` is added to the body. */
  sendPeer(more: Record<string, unknown> = {}, query = ''): Promise<RestAnswer> {
    const body = { destination: 'bob', payload: 'Hello', ...more }
    return this.post(`${this.project}/users/alice/peer_messages${query}`, body)
  }

  /** Sends a channel message from alice to lobby; `more` is added to the body. */
  sendChannel(more: Record<string, unknown> = {}): Promise<RestAnswer> {
    const body = { channel_name: 'lobby', payload: 'Hello', ...more }
    return this.post(`${this.project}/users/alice/channel_messages`, body)
  }

  historyPath(channel: string, { channelType = 'message', query = '' }: ChannelRest = {}): string {
    const { appId } = this.emulator.credentials
    return `/rtm/v2/history/${appId}/userId/alice/channelType/${channelType}/channel/${channel}${query}`
  }

  publishPath(channel: string, { channelType = 'message', query = '' }: ChannelRest = {}): string {
    const { appId } = this.emulator.credentials
    return `/rtm/v2/publish/${appId}/userId/alice/channelType/${channelType}/channel/${channel}${query}`
  }

  /** A good token for `userId`. */
  token(userId: string): string {
    const { appId, appCertificate } = this.emulator.credentials
    return buildSignalingToken({ appId, appCertificate, userId, ttlSeconds: 600 })
  }

  /** A token with whatever services a test wants in it. */
  tokenWith(services: Parameters<typeof buildAccessToken2>[0]['services']): string {
    const { appId, appCertificate } = this.emulator.credentials
    return buildAccessToken2({ appId, appCertificate, services, ttlSeconds: 600 })
  }
}

export function basicHeader(customerId: string, customerSecret: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${customerId}:${customerSecret}`).toString('base64')}` }
}

/** Starts one emulator for the tests of a file and empties it after each. */
export function useEmulator(options: EmulatorOptions = {}): () => TestEmulator {
  let current: TestEmulator | undefined
  beforeAll(async () => {
    current = new TestEmulator(await createEmulator(options))
  })
  afterEach(() => current?.emulator.reset())
  afterAll(() => current?.emulator.close())
  return () => {
    if (current === undefined) throw new Error('The emulator has not started.')
    return current
  }
}

/** How long to poll for what is sure to come: a busy machine takes its time. */
export const patience = { timeout: 15_000 } as const

/** Stands for a text that matches. */
export function matching(pattern: RegExp | string): unknown {
  return expect.stringMatching(pattern)
}

/** Stands for any value of a class. */
export function anyOf(type: unknown): unknown {
  return expect.any(type)
}

/** Does the same for every item, one after the other. */
export async function inTurn<Item, Result>(
  items: Iterable<Item>,
  action: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await action(item))
  return results
}

/** One request over a connection of its own. */
export function send(
  baseUrl: string,
  { method = 'GET', path, headers = {}, body }: RestRequest,
): Promise<RestAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(baseUrl, { method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const reason = incoming.headers['x-emulator-reason']
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: text === '' ? undefined : JSON.parse(text),
          reason: typeof reason === 'string' ? reason : undefined,
          synthetic: incoming.headers['x-emulator-synthetic'] === 'true',
        })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Writes to the socket what no HTTP client would, and gives the first answer as it came. */
export function sendRaw(baseUrl: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1', () => socket.write(text, 'latin1'))
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      answer += chunk
      if (isComplete(answer)) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

function isComplete(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1]
  return end !== -1 && length !== undefined && answer.length >= end + 4 + Number(length)
}
