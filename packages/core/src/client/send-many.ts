import { AgoraValidationError, isAgoraError } from '../errors.js'
import type { CallAttempt } from '../errors.js'
import { checkOptions } from '../input/options.js'
import type { Call } from '../call/call.js'
import { sendManyRules } from './send-many-options.js'
import type { OutgoingMessage, SendManyOptions } from './send-many-options.js'
import { SendManyAccount } from './send-many-report.js'
import type { SendManyReport, SendOutcome } from './send-many-report.js'
import { SendManySource } from './send-many-source.js'
import type { TakenItem } from './send-many-source.js'

/** Sends one message. Whether the message has left is read from `attempts`, and not from the error. */
export type SendOne = (
  message: OutgoingMessage,
  way: Required<Pick<Call, 'attempts' | 'finishesOnceStarted' | 'signal'>>,
) => Promise<{ readonly status: 'sent' | 'delivered' | 'offline'; readonly requestId: string | undefined }>

type Source = Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>

/**
 * Sends the messages of a source, no faster than it can: the next one is asked for when one has been sent.
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for options that do not exist or are of a wrong type.
 * @throws {AgoraValidationError} `ERR_INVALID_ARGUMENT` for options out of range. Failures of messages are in the report.
 */
export async function sendMany(
  send: SendOne,
  source: Source,
  options: SendManyOptions,
): Promise<SendManyReport> {
  checkOptions('sendMany()', options, sendManyRules)
  const { concurrency = 50, onProgress, signal, resume, keepOutcomes } = options
  requireConcurrency(concurrency)
  requireSource(source)
  const account = new SendManyAccount(resume, keepOutcomes)
  return new Sending(send, source, account, concurrency, onProgress).run(signal)
}

class Sending {
  readonly #send: SendOne
  readonly #source: SendManySource<OutgoingMessage>
  readonly #account: SendManyAccount
  readonly #concurrency: number
  readonly #onProgress: SendManyOptions['onProgress']
  /** Ends what has not left this machine. */
  readonly #interruption = new AbortController()
  #onTheirWay = 0
  #onLanded: (() => void) | undefined
  #end: SendManyReport['end'] | undefined
  #error: unknown
  #listenerFailed = false

  constructor(
    send: SendOne,
    source: Source,
    account: SendManyAccount,
    concurrency: number,
    onProgress: SendManyOptions['onProgress'],
  ) {
    this.#send = send
    this.#account = account
    this.#concurrency = concurrency
    this.#onProgress = onProgress
    this.#source = new SendManySource(source, ({ index }) => {
      if (account.isWanted(index)) this.#record({ index, status: 'not-sent' })
    })
  }

  async run(signal: AbortSignal | undefined): Promise<SendManyReport> {
    const onAbort = (): void => this.#stop('aborted')
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
    try {
      await this.#sendAll()
      const [closed] = await Promise.all([this.#close(), this.#untilOnTheirWay(0)])
      return this.#account.report(this.#source.taken, {
        end: this.#end ?? 'done',
        ...(this.#error === undefined ? {} : { error: this.#error }),
        ...closed,
      })
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#end === undefined) {
        await this.#untilOnTheirWay(this.#concurrency - 1)
        const taken = await this.#source.take()
        if (taken === undefined) return
        if (this.#account.isWanted(taken.index)) void this.#sendOne(taken)
      }
    } catch (error) {
      this.#stop('source-failed', error)
    }
  }

  /** Waits for the messages on their way, whatever ended the sending. The report says what became of those that have left. */
  async #untilOnTheirWay(count: number): Promise<void> {
    while (this.#onTheirWay > count) {
      await new Promise<void>((resolve) => {
        this.#onLanded = resolve
      })
    }
  }

  async #close(): Promise<{ readonly closeError?: unknown }> {
    try {
      await this.#source.close()
      return {}
    } catch (closeError) {
      return { closeError }
    }
  }

  /** The first reason counts. When the source has failed, what it gave before is still sent. */
  #stop(end: Exclude<SendManyReport['end'], 'done'>, error?: unknown): void {
    if (this.#end === undefined) {
      this.#end = end
      this.#error = error
    }
    this.#source.stop()
    if (end !== 'source-failed') this.#interruption.abort(error)
  }

  async #sendOne({ index, item }: TakenItem<OutgoingMessage>): Promise<void> {
    this.#onTheirWay += 1
    this.#record(await this.#outcomeOf(index, item))
    this.#onTheirWay -= 1
    this.#onLanded?.()
  }

  async #outcomeOf(index: number, item: OutgoingMessage): Promise<SendOutcome> {
    const attempts: CallAttempt[] = []
    const { signal } = this.#interruption
    try {
      const message = readMessage(index, item)
      const { status, requestId } = await this.#send(message, { attempts, signal, finishesOnceStarted: true })
      return { index, status, requestId }
    } catch (error) {
      const isInterrupted = isAgoraError(error) && interruptions.has(error.code)
      // The client was closed, or the request that it was made for is over: the rest could not be sent either.
      if (isInterrupted) this.#stop('aborted')
      return isInterrupted && !mayHaveBeenSent(attempts)
        ? { index, status: 'not-sent' }
        : { index, status: 'failed', error, mayHaveBeenSent: mayHaveBeenSent(attempts) }
    }
  }

  #record(outcome: SendOutcome): void {
    const counts = this.#account.add(outcome)
    if (this.#onProgress === undefined || this.#listenerFailed) return
    const onFailure = (error: unknown): void => {
      this.#listenerFailed = true
      this.#stop('progress-failed', error)
    }
    try {
      // A listener may be an async function, whose failure would end the process.
      Promise.resolve(this.#onProgress({ outcome, ...counts })).catch(onFailure)
    } catch (error) {
      onFailure(error)
    }
  }
}

const interruptions: ReadonlySet<string> = new Set(['ERR_ABORTED', 'ERR_CLIENT_CLOSED'])

/** Whether Agora may have processed a send that failed after these attempts. */
export function mayHaveBeenSent(attempts: readonly CallAttempt[]): boolean {
  return attempts.some(
    ({ requestStarted, status }) =>
      requestStarted && (status === undefined || status >= 500 || status === 408 || status < 400),
  )
}

/** A copy, so that each of its fields is read once. The send checks the values. */
function readMessage(index: number, item: OutgoingMessage): OutgoingMessage {
  requireFields(index, item)
  return { ...item }
}

function requireFields(index: number, item: unknown): void {
  if (typeof item === 'object' && item !== null) return
  const what = item === null ? 'null' : typeof item
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    `source[${index}]`,
    `source[${index}] is ${what}, and must be { to, payload } or { channel, payload }.`,
  )
}

function requireConcurrency(concurrency: number): void {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 1000) return
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'concurrency',
    'concurrency must be a whole number from 1 to 1000.',
  )
}

function requireSource(source: unknown): void {
  const isIterable =
    typeof source === 'object' &&
    source !== null &&
    (Symbol.asyncIterator in source || Symbol.iterator in source)
  if (isIterable) return
  throw new AgoraValidationError(
    'ERR_INVALID_ARGUMENT',
    'source',
    'source must be an iterable or an async iterable of messages: an array, or a generator.',
  )
}
