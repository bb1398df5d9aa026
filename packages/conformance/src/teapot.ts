import type { HttpAnswer } from '@agora-signaling/core/adapter'

/** What the error handler of a rig's application answers: like nothing that an adapter answers. */
export const teapot: HttpAnswer = { status: 418, headers: {}, body: { code: 'TEAPOT' } }
