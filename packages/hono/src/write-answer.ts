import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { Context } from 'hono'

/** Keeps the headers that the application has set so far, for instance those of CORS. */
export function writeAnswer(c: Context, { status, headers, body }: HttpAnswer): Response {
  const response = Response.json(body, { status, headers })
  return c.newResponse(response.body, response)
}
