import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { FastifyReply } from 'fastify'

export function writeAnswer(reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, 'content-type': 'application/json; charset=utf-8' })
    .send(answer.body)
}
