import type { IssuedToken } from '../client/client.js'
import type { EventBatch, SignalingEvent } from '../client/events.js'
import type { HistoryListing, HistoryMessage, HistoryPage } from '../client/history.js'
import type { RequestResult } from '../client/request.js'
import { AgoraConfigError } from '../errors.js'
import { isRecord } from '../input/describe.js'

/*
 * What a test tells, as the client gives it.
 */

export class ListingForTests implements HistoryListing {
  readonly unreadableCount = 0
  readonly #read: () => Promise<readonly HistoryMessage[]>

  constructor(read: () => Promise<readonly HistoryMessage[]>) {
    this.#read = read
  }

  async page(): Promise<HistoryPage> {
    return { messages: await this.#read(), requestId: undefined }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<HistoryMessage, void, undefined> {
    yield* await this.#read()
  }
}

export function listOf(method: string, answer: unknown): readonly HistoryMessage[] {
  if (isListOfMessages(answer)) return answer
  throw unfit(method, 'an array of messages')
}

/** The types of `createTestClient` say what is in it. */
function isListOfMessages(answer: unknown): answer is readonly HistoryMessage[] {
  return Array.isArray(answer)
}

export function batchOf(method: string, answer: unknown): EventBatch<SignalingEvent> {
  if (!isListOfEvents(answer)) throw unfit(method, 'an array of events')
  return { events: answer, requestId: undefined, isFull: false, possibleLoss: false, unreadable: [] }
}

/** The types of `createTestClient` say what is in it. */
function isListOfEvents(answer: unknown): answer is readonly SignalingEvent[] {
  return Array.isArray(answer)
}

export function isRequestResult(answer: unknown): answer is RequestResult {
  return isRecord(answer) && typeof answer['status'] === 'number'
}

export function isIssuedToken(answer: unknown): answer is IssuedToken {
  return isRecord(answer) && typeof answer['token'] === 'string' && answer['expiresAt'] instanceof Date
}

export function unfit(method: string, expected: string): AgoraConfigError {
  return new AgoraConfigError(
    'ERR_CONFIG_INVALID',
    `The answer to ${method}() in createTestClient() must be ${expected}, or a function that gives it.`,
  )
}
