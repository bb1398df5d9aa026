import type { RequestListener } from 'node:http'
import { expect, vi } from 'vitest'
import { section } from '../check.js'
import type { Section } from '../check.js'
import { urlOf } from '../listening.js'
import { lobby, optionsFor, post } from './lobby.js'

const words = 'Words-Of-The-Upstream'
const secret = 'canary-secret'

function answer(status: number, contentType: string, body: string): RequestListener {
  return (_req, res) => {
    res
      .writeHead(status, { 'content-type': contentType, 'x-emulator-reason': words, 'x-request-id': words })
      .end(body)
  }
}

const json = JSON.stringify({ result: 'failed', message: words, reason: words, msg: words, code: words })

const upstreams: [string, RequestListener][] = [
  ['JSON with 400', answer(400, 'application/json', json)],
  ['JSON with 401', answer(401, 'application/json', json)],
  ['JSON with 403', answer(403, 'application/json', json)],
  ['JSON with 429', answer(429, 'application/json', json)],
  ['JSON with 500', answer(500, 'application/json', json)],
  ['JSON with 200', answer(200, 'application/json', json)],
  ['a page with 502', answer(502, 'text/html', `<title>${words}</title><h1>${words}</h1>`)],
  ['text with 404', answer(404, 'text/plain', words)],
  ['damaged JSON', answer(200, 'application/json', `{"message":"${words}`)],
  ['no HTTP', (req) => void req.socket.end(`${words}\r\n\r\n`)],
]

/**
 * Frameworks have handlers of their own for errors that nobody handles, and some show the caller the message of the error, or
 * its stack. What an upstream says is written for the developer, and may hold more than that.
 */
export const withoutErrorHandlers: Section = section('where nobody handles errors', (check) => {
  for (const [what, listener] of upstreams) {
    check(`no caller sees what the upstream says: ${what}`, async ({ emulator, open, serve }) => {
      // Some frameworks print what nobody handled.
      const print = vi.spyOn(console, 'error').mockReturnValue()
      try {
        const upstream = await serve(listener)
        const options = { ...optionsFor(await emulator()), baseUrl: urlOf(upstream), userId: 'server' }
        const site = await open({
          mounts: [{ options: { ...options, customerSecret: secret } }],
          routes: [lobby],
          handlesErrors: false,
        })
        const { status, headers, body } = await site.fetch('/lobby', post)
        expect(status).toBeGreaterThanOrEqual(500)
        const seen = JSON.stringify([body, Object.fromEntries(headers)])
        expect(seen).not.toContain(words)
        expect(seen).not.toContain(secret)
      } finally {
        print.mockRestore()
      }
    })
  }
})
