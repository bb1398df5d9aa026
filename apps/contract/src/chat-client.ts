import { expect } from 'vitest'

/** A JSON answer. */
export interface ChatAnswer {
  readonly status: number
  readonly body: unknown
}

/** Somebody who uses a chat back end, with a session or without. */
export class ChatClient {
  readonly #url: string
  readonly #session: string | undefined

  constructor(url: string, session?: string) {
    this.#url = url
    this.#session = session
  }

  async logIn(userId: string): Promise<ChatClient> {
    const { body } = await this.post('/login', { userId })
    return new ChatClient(this.#url, String(fieldOf(body, 'session')))
  }

  async get(path: string): Promise<ChatAnswer> {
    return this.call('GET', path)
  }

  async post(path: string, body: unknown): Promise<ChatAnswer> {
    return this.call('POST', path, body)
  }

  async call(method: string, path: string, body?: unknown): Promise<ChatAnswer> {
    return this.send(method, path, body === undefined ? null : JSON.stringify(body), 'application/json')
  }

  /** Sends a body as it is. The answer has to be JSON. */
  async send(method: string, path: string, body: string | null, contentType: string): Promise<ChatAnswer> {
    const headers = { ...this.#authorization(), ...(body !== null && { 'content-type': contentType }) }
    const response = await fetch(`${this.#url}${path}`, { method, headers, body })
    const type = response.headers.get('content-type') ?? 'nothing'
    if (!type.startsWith('application/json'))
      throw new TypeError(`${method} ${path} answered ${type}, not JSON.`)
    const answer: unknown = await response.json()
    return { status: response.status, body: answer }
  }

  /** Gives the status alone: an answer to HEAD has no body. */
  async head(path: string): Promise<number> {
    const { status } = await fetch(`${this.#url}${path}`, { method: 'HEAD', headers: this.#authorization() })
    return status
  }

  #authorization(): Record<string, string> {
    return this.#session === undefined ? {} : { authorization: `Bearer ${this.#session}` }
  }
}

/** A field of an answer, if it has it. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

/** As `expect.stringMatching`, without its type `any`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
