import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { Response } from 'express'

export function writeAnswer(res: Response, answer: HttpAnswer): void {
  res.status(answer.status).set(answer.headers).type('json').json(answer.body)
}
