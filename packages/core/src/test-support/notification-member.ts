import { once } from 'node:events'
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { createNotificationEndpoint } from '../adapter/notification-endpoint.js'
import { nodeBody, readRawBody } from '../adapter/raw-body.js'
import type { NotificationClaim, NotificationStore } from '../notifications/store.js'
import { RedisNotificationStore } from './redis-notification-store.js'

/*
 * One process of a fleet that handles notifications. Started with the address of the store (Redis, or HTTP for the
 * store of the test), the secret, and whether its handler ends: `hangs` or `works`. Writes what it does to its output.
 */
const [storeUrl = '', secret = '', handler = ''] = process.argv.slice(2)

/** Asks a store in another process, over HTTP: for machines without Redis. */
class HttpStore implements NotificationStore {
  async claim(...step: unknown[]): Promise<NotificationClaim> {
    const answer = await this.#ask('claim', step)
    if (answer === 'claimed' || answer === 'done' || answer === 'in-progress') return answer
    throw new Error('The store of the test is broken.')
  }

  settle(...step: unknown[]): Promise<string> {
    return this.#ask('settle', step)
  }

  release(...step: unknown[]): Promise<string> {
    return this.#ask('release', step)
  }

  async #ask(method: string, step: unknown[]): Promise<string> {
    const response = await fetch(storeUrl, { method: 'POST', body: [method, ...step].join(' ') })
    return response.text()
  }
}

function say(event: string, value: string): void {
  process.stdout.write(`${event} ${value}\n`)
}

const endpoint = createNotificationEndpoint({
  secret,
  store: storeUrl.startsWith('redis') ? new RedisNotificationStore(new Redis(storeUrl)) : new HttpStore(),
  timeoutMs: 7000,
  onError: (error) => say('told', String(Reflect.get(Object(error), 'code'))),
  onNotification: ({ noticeId }) => {
    say('handling', noticeId)
    return handler === 'hangs' ? new Promise(() => undefined) : undefined
  },
})

const server = createServer((request, response) => {
  const { method = '', headers } = request
  void endpoint({ method, headers, readRawBody: () => readRawBody(nodeBody(request, { fix: '' })) }).then(
    (answer) => {
      response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body))
    },
  )
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const address = server.address()
say('listening', typeof address === 'object' ? String(address?.port) : '')
