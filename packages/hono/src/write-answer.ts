import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { Context } from 'hono'

/** With the headers that the application has set so far: those of CORS, for instance. */
export function writeAnswer(c: Context, { status, headers, body }: HttpAnswer): Response {
  const response = Response.json(body, { status, headers })
  return c.newResponse(response.body, response)
}
