import { AgoraAbortError } from '../errors.js'
import type { CallAttempt } from '../errors.js'
import type { SendOne } from '../client/send-many.js'
import type { OutgoingMessage } from '../client/send-many-options.js'
import type { SendManyResume } from '../client/send-many-report.js'
import { isJsonObject } from '../input/json.js'
import { unchecked } from './unchecked.js'

/** Messages to `user-0`, `user-1` and so on; counts how many were asked for. */
export function* numbered(
  count: number,
  asked: { count: number } = { count: 0 },
): Generator<OutgoingMessage> {
  for (let index = 0; index < count; index++) {
    asked.count += 1
    yield { from: 'alice', to: `user-${index}`, payload: String(index) }
  }
}

export type Way = Parameters<SendOne>[1]

/** Sends as a client does: what was interrupted before it left is not sent. */
export function sender(
  behave: (to: string, way: Way) => unknown = () => undefined,
): SendOne & { readonly sent: string[] } {
  const sent: string[] = []
  const send: SendOne = async (message, way) => {
    const to = message.channel ?? message.to
    await behave(to, way)
    sent.push(to)
    return { status: message.channel === undefined ? 'delivered' : 'sent', requestId: `r-${to}` }
  }
  return Object.assign(send, { sent })
}

/** Waits until the sending is interrupted, as a call that waits for its quota. */
export function untilInterrupted({ signal }: Way): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void =>
      reject(new AgoraAbortError('aborted', { method: 'POST', path: '/', attempts: [] }))
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort)
  })
}

export const attempt = (change: Partial<CallAttempt>): CallAttempt => ({
  host: 'h',
  requestStarted: true,
  durationMs: 1,
  waitedMs: 0,
  ...change,
})

export const users = (...indexes: number[]): string[] => indexes.map((index) => `user-${index}`)
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** A source written by hand, which says how often it was closed. */
export function closing(
  change: Partial<AsyncIterator<OutgoingMessage>> = {},
): AsyncIterable<OutgoingMessage> & { closed: number } {
  const messages = numbered(10)
  const source = {
    closed: 0,
    [Symbol.asyncIterator]: () => ({
      next: async () => messages.next(),
      return: async () => {
        source.closed += 1
        return { done: true as const, value: undefined }
      },
      ...change,
    }),
  }
  return source
}

/** As a resume is that was stored. */
export function viaJson(resume: SendManyResume): SendManyResume {
  const stored: unknown = JSON.parse(JSON.stringify(resume))
  return unchecked<SendManyResume>({ nextIndex: -1, notSent: [] }, isJsonObject(stored) ? stored : {})
}
