import { refuseUncalled, toHttpError } from '@agora-signaling/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeAnswer } from './write-answer.js'

/**
 * Makes an error handler that answers errors of Agora calls with JSON: `{ code, message }`. Every other error goes on to
 * the handler of the scope around, in the end Fastify's own.
 *
 * When Agora refuses the server's credentials, the caller gets 502 and never 401. When a quota is used up, the caller gets 503
 * with `Retry-After`.
 * An error that is answered with 500 or more is logged with `request.log.error`, as Fastify does.
 *
 * @example
 * app.setErrorHandler(agoraErrorHandler())
 */
export function agoraErrorHandler(
  ...none: readonly never[]
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  refuseUncalled('app.setErrorHandler(agoraErrorHandler())', none[0])
  return (error, request, reply) => {
    const answer = toHttpError(error)
    if (answer === undefined) throw error
    if (answer.isFault) request.log.error({ req: request, res: reply, err: error }, 'An Agora call failed.')
    writeAnswer(reply, answer)
  }
}
