import { ServiceKind } from './service-kind.js'
import type { ServiceOf } from './service-kind.js'

/** No privileges are defined. */
export type SttService = ServiceOf<10>

/** Speech to text. */
export const stt: ServiceKind<SttService, object> = new ServiceKind({
  type: 10,
  name: 'STT',
  factory: 'sttService()',
  privileges: {},
  fields: {},
})

/** Marks a token for speech to text, next to an RTC and an RTM service. */
export function sttService(): SttService {
  return stt.create({})
}
