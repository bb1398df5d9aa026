import type { Place } from './place.js'

/** Somebody who is logged in to the Express app. */
export class ChatUser {
  readonly #place: Place
  readonly #session: string

  private constructor(place: Place, session: string) {
    this.#place = place
    this.#session = session
  }

  static async logIn(place: Place, userId: string): Promise<ChatUser> {
    const anybody = new ChatUser(place, '')
    return new ChatUser(place, textOf(await anybody.post('/login', { userId }), 'session'))
  }

  async get(path: string): Promise<unknown> {
    return this.#call(path, { method: 'GET' })
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.#call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** The body of the answer. What the app does not tell its callers about a failure, the place knows. */
  async #call(path: string, init: RequestInit): Promise<unknown> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${this.#session}`)
    const response = await fetch(`${this.#place.chatUrl}${path}`, { ...init, headers })
    const body: unknown = await response.json()
    if (response.ok) return body
    const error = this.#place.lastServerError()
    const reason = response.status >= 500 && error instanceof Error ? error.message : textOf(body, 'message')
    throw new Error(`The app answered ${response.status}: ${reason}`)
  }
}

/** A field of a JSON object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** @throws when the field holds no text. */
export function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name)
  if (typeof text === 'string') return text
  throw new Error(`The app’s answer holds no ${name}.`)
}
