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
      /** An error of ours (`isAgoraError` narrows it), or what your own code threw: a token function, a getter of the message. */
      readonly error: unknown
      /** Agora may have delivered it all the same. Sending it again could deliver it twice. */
      readonly mayHaveBeenSent: boolean
    }
  | {
      readonly index: number
      /** The sending ended before it left this machine. {@link SendManyResume} has it, too. */
      readonly status: 'not-sent'
    }

/** How many messages were sent, failed or were not sent. */
export interface SendManyCounts {
  readonly succeeded: number
  readonly failed: number
  readonly notSent: number
}

/** The counts so far, and the message they come from. */
export interface SendManyProgress extends SendManyCounts {
  readonly outcome: SendOutcome
}

/** What is left of a source. It is made for JSON: store it, and go on in another process. */
export interface SendManyResume {
  /** The first message that was not taken from the source. */
  readonly nextIndex: number
  /** Messages before it that were not sent. You can add others that are to be sent again. */
  readonly notSent: readonly number[]
}

/** The report of a whole sending. */
export interface SendManyReport extends SendManyCounts {
  /** One for each message that was taken from the source to be sent, in its order; fewer with `keepOutcomes`. */
  readonly outcomes: readonly SendOutcome[]
  /** Pass it as `resume`, with the same source, to send what was not sent. */
  readonly resume: SendManyResume
  /**
   * `done`: the source is used up. `aborted`: by the signal, by `close()` of the client, or with the request that the client was made for.
   * `source-failed`, `progress-failed`: the source or `onProgress` threw `error`.
   */
  readonly end: 'done' | 'aborted' | 'source-failed' | 'progress-failed'
  /** What ended the sending, when something was thrown. */
  readonly error?: unknown
  /** What the source threw when it was closed, or that it did not close within a second. */
  readonly closeError?: unknown
}

/** Which outcomes a report holds. */
export type KeptOutcomes = 'all' | 'failures' | 'none'

/** Counts what becomes of each message, and knows which ones are left. */
export class SendManyAccount {
  readonly #keeps: (outcome: SendOutcome) => boolean
  readonly #outcomes: SendOutcome[] = []
  readonly #resumedAt: number
  readonly #notSent: Set<number>
  #succeeded = 0
  #failed = 0
  #notSentNow = 0

  constructor(resume: SendManyResume | undefined, keepOutcomes: KeptOutcomes = 'all') {
    this.#resumedAt = resume?.nextIndex ?? 0
    this.#notSent = new Set(resume?.notSent)
    this.#keeps = keeps[keepOutcomes]
  }

  /** Whether a message is to be sent, and was not by an earlier sending. */
  isWanted(index: number): boolean {
    return index >= this.#resumedAt || this.#notSent.has(index)
  }

  add(outcome: SendOutcome): SendManyCounts {
    if (this.#keeps(outcome)) this.#outcomes.push(outcome)
    const { index, status } = outcome
    if (status === 'not-sent') {
      this.#notSentNow += 1
      this.#notSent.add(index)
    } else {
      this.#notSent.delete(index)
      if (status === 'failed') this.#failed += 1
      else this.#succeeded += 1
    }
    return this.#counts()
  }

  /** @param taken How many items the source has given. */
  report(taken: number, end: Pick<SendManyReport, 'end' | 'error' | 'closeError'>): SendManyReport {
    return {
      outcomes: this.#outcomes.toSorted((a, b) => a.index - b.index),
      ...this.#counts(),
      resume: {
        nextIndex: Math.max(taken, this.#resumedAt),
        notSent: [...this.#notSent].toSorted((a, b) => a - b),
      },
      ...end,
    }
  }

  #counts(): SendManyCounts {
    return { succeeded: this.#succeeded, failed: this.#failed, notSent: this.#notSentNow }
  }
}

const keeps: Readonly<Record<KeptOutcomes, (outcome: SendOutcome) => boolean>> = {
  all: () => true,
  failures: ({ status }) => status === 'failed' || status === 'not-sent',
  none: () => false,
}
