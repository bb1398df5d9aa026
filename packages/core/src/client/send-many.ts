import { AgoraCallError, AgoraValidationError, isAgoraError } from '../errors.js'
import type { AnyAgoraError } from '../errors.js'
import { checkOptions } from '../input/options.js'
import { sendManyRules } from './option-rules.js'
import type { Messages, SendToChannelOptions, SendToUserOptions } from './messages.js'

/** One message of many: to a user, or to a channel. */
export type OutgoingMessage =
  | (Omit<SendToUserOptions, 'signal'> & { readonly channel?: never })
  | (Omit<SendToChannelOptions, 'signal'> & { readonly to?: never })

/** How many at a time, who is told, and where to begin. */
export interface SendManyOptions {
  /** Messages on their way at the same time, 1 to 1,000. Default 50. */
  readonly concurrency?: number | undefined
  /** Called after each message. What it throws ends the sending, as an error of the source does. */
  readonly onProgress?: ((progress: SendManyProgress) => void) | undefined
  /** Stops taking messages from the source and aborts those on their way. */
  readonly signal?: AbortSignal | undefined
  /** How many messages of the source to pass over: `nextIndex` of an earlier report. Default 0. */
  readonly startAt?: number | undefined
}

/** What became of one message. */
export type SendOutcome =
  | {
      /** Position in the source, from 0. */
      readonly index: number
      readonly status: 'sent' | 'delivered' | 'offline'
      readonly requestId: string | undefined
    }
  | {
      readonly index: number
      readonly status: 'failed'
      readonly error: AnyAgoraError
      /** Agora may have delivered it nevertheless: sending it again could deliver it twice. */
      readonly mayHaveBeenSent: boolean
    }

/** The count so far, and the message it comes from. */
export interface SendManyProgress {
  readonly outcome: SendOutcome
  readonly succeeded: number
  readonly failed: number
}

/** The account of a whole sending. */
export interface SendManyReport {
  /** One for each message that was started, in the order of the source. */
  readonly outcomes: readonly SendOutcome[]
  readonly succeeded: number
  readonly failed: number
  /** The first message that was not started: pass it as `startAt` to go on with the same source. */
  readonly nextIndex: number
  /** `done`: the source is used up. `aborted`: by the signal. `source-failed`: by `sourceError`. */
  readonly end: 'done' | 'aborted' | 'source-failed'
  /** What the source or `onProgress` threw. */
  readonly sourceError?: unknown
}

type Sender = Pick<Messages, 'sendToUser' | 'sendToChannel'>
type Source = Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>

/**
 * Sends the messages of a source, no faster than it can: the next one is asked for when one has been sent.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for options that do not exist or are of a wrong type.
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for options out of range. Failures of messages are in the report.
 */
export async function sendMany(
  messages: Sender,
  source: Source,
  options: SendManyOptions,
): Promise<SendManyReport> {
  checkOptions('sendMany()', options, sendManyRules)
  const concurrency = requireInteger(options.concurrency ?? 50, 'concurrency', 1, 1000)
  const startAt = requireInteger(options.startAt ?? 0, 'startAt', 0, Number.MAX_SAFE_INTEGER)
  const sending = new Sending(messages, source, startAt, options)
  await Promise.all(Array.from({ length: concurrency }, () => sending.work()))
  return sending.report()
}

class Sending {
  readonly #messages: Sender
  readonly #iterator: Iterator<OutgoingMessage> | AsyncIterator<OutgoingMessage>
  readonly #options: SendManyOptions
  readonly #startAt: number
  readonly #outcomes: SendOutcome[] = []
  #nextIndex = 0
  #succeeded = 0
  #failed = 0
  #end: SendManyReport['end'] | undefined
  #sourceError: unknown
  #lastPull: Promise<unknown> = Promise.resolve()

  constructor(messages: Sender, source: Source, startAt: number, options: SendManyOptions) {
    this.#messages = messages
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
    this.#startAt = startAt
    this.#options = options
  }

  /** One of several workers: takes a message, sends it, takes the next. */
  async work(): Promise<void> {
    for (;;) {
      const next = await this.#pull()
      if (next === undefined) return
      this.#record(await this.#send(next.message, next.index))
    }
  }

  report(): SendManyReport {
    return {
      outcomes: this.#outcomes.toSorted((a, b) => a.index - b.index),
      succeeded: this.#succeeded,
      failed: this.#failed,
      nextIndex: this.#nextIndex,
      end: this.#end ?? 'done',
      ...(this.#end === 'source-failed' ? { sourceError: this.#sourceError } : {}),
    }
  }

  /** One worker asks at a time: iterators need not bear to be asked again before they have answered. */
  #pull(): Promise<{ message: OutgoingMessage; index: number } | undefined> {
    const pull = this.#lastPull.then(() => this.#pullNow())
    this.#lastPull = pull
    return pull
  }

  async #pullNow(): Promise<{ message: OutgoingMessage; index: number } | undefined> {
    try {
      for (;;) {
        if (this.#options.signal?.aborted === true) await this.#stop('aborted')
        if (this.#end !== undefined) return undefined
        const result = await this.#iterator.next()
        if (result.done === true) {
          this.#end ??= 'done'
          return undefined
        }
        const index = this.#nextIndex++
        if (index >= this.#startAt) return { message: result.value, index }
      }
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  async #stop(end: SendManyReport['end']): Promise<void> {
    if (this.#end !== undefined) return
    this.#end = end
    await this.#iterator.return?.()
  }

  #fail(error: unknown): void {
    this.#end = 'source-failed'
    this.#sourceError = error
  }

  async #send(message: OutgoingMessage, index: number): Promise<SendOutcome> {
    const { signal } = this.#options
    try {
      const { status, requestId } =
        message.channel === undefined
          ? await this.#messages.sendToUser({ ...message, signal })
          : await this.#messages.sendToChannel({ ...message, signal })
      return { index, status, requestId }
    } catch (error) {
      if (!isAgoraError(error)) throw error
      return { index, status: 'failed', error, mayHaveBeenSent: mayHaveBeenSent(error) }
    }
  }

  #record(outcome: SendOutcome): void {
    this.#outcomes.push(outcome)
    if (outcome.status === 'failed') this.#failed += 1
    else this.#succeeded += 1
    try {
      this.#options.onProgress?.({ outcome, succeeded: this.#succeeded, failed: this.#failed })
    } catch (error) {
      this.#fail(error)
    }
  }
}

/** Whether Agora may have processed a send that ended with this error, in any of its attempts. */
export function mayHaveBeenSent(error: AnyAgoraError): boolean {
  return (
    error instanceof AgoraCallError &&
    error.attempts.some(({ status, failure }) =>
      status === undefined ? !neverLeft.has(failure) : status >= 500 || status === 408 || status < 400,
    )
  )
}

/** Failures of an attempt of which nothing left this machine. */
const neverLeft: ReadonlySet<string | undefined> = new Set(['ERR_DNS', 'ERR_CONNECTION_REFUSED', 'ERR_TLS'])

function requireInteger(value: unknown, argument: string, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    argument,
    `${argument} must be a whole number from ${min} to ${max}.`,
  )
}
