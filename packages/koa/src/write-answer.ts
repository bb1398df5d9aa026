import type { HttpAnswer } from '@agora-signaling/core/adapter'
import type { ExtendableContext } from 'koa'

export function writeAnswer(ctx: ExtendableContext, answer: HttpAnswer): void {
  ctx.status = answer.status
  ctx.set({ ...answer.headers })
  ctx.body = answer.body
}
