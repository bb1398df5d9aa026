import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** No privileges are defined. */
export type ConvoAiService = ServiceOf<9>

/** Conversational AI. */
export const convoAi: ServiceKind<ConvoAiService, object> = new ServiceKind({
  type: 9,
  name: 'ConvoAI',
  factory: 'convoAiService()',
  privileges: {},
  fields: {},
})

/** Marks a token for Conversational AI, next to an RTC and an RTM service. */
export function convoAiService(): ConvoAiService {
  return convoAi.create({})
}
