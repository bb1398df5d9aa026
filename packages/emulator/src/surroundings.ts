import type { LimitCounter } from './http/limits.js'
import type { ResolvedOptions } from './options.js'
import type { Redactor } from './redaction.js'
import type { Drops } from './state/drops.js'
import type { RequestRecord } from './state/request-log.js'
import type { RingBuffer } from './state/ring-buffer.js'
import type { Signaling } from './state/signaling.js'

/** What every request and every control works with: the project and the emulator around it. */
export interface Surroundings {
  readonly options: ResolvedOptions
  readonly project: Signaling
  readonly requests: RingBuffer<RequestRecord>
  /** Nothing when limits are off. */
  readonly limitCounter: LimitCounter | undefined
  readonly drops: Drops
  readonly redactor: Redactor
  /** When the project was made, Unix time in seconds. */
  readonly createdSeconds: number
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal
}
