import { AgoraConfigError } from './errors.js'

/** Anything with the four methods of `console`. Its methods are called directly, so that stack traces and `this` stay intact. */
export interface Logger {
  debug(message: string, details?: object): void
  info(message: string, details?: object): void
  warn(message: string, details?: object): void
  error(message: string, details?: object): void
}

/** The levels, from no messages to all messages. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

export const levels: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/** A logger with its level. Messages never hold a secret, a token or a payload. */
export class Log {
  readonly #logger: Logger
  #hasFailed = false
  readonly #rank: number
  /** Whether {@link debug} messages are printed. Check before building debug messages. */
  readonly debugs: boolean

  /** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for an unknown level. */
  constructor(logger: Logger = console, level: unknown = 'warn') {
    const rank = levels.findIndex((known) => known === level)
    if (rank < 0) {
      throw new AgoraConfigError(
        'ERR_CONFIG_INVALID',
        `The log level (logLevel, AGORA_LOG_LEVEL) must be one of ${levels.join(', ')}.`,
      )
    }
    this.#logger = logger
    this.#rank = rank
    this.debugs = rank >= levels.indexOf('debug')
  }

  /** The logger itself. A message that is logged once is logged once for each logger. */
  get audience(): object {
    return this.#logger
  }

  /** Something is wrong that only a person can correct. */
  error(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('error')) this.#tell('error', message, details)
  }

  /** Something is wrong, and the client goes on by itself. */
  warn(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('warn')) this.#tell('warn', message, details)
  }

  /** Something is worth knowing, for example that a fault is over. */
  info(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('info')) this.#tell('info', message, details)
  }

  /** One attempt of a call. */
  debug(message: string, details?: object): void {
    if (this.debugs) this.#tell('debug', message, details)
  }

  /** A logger that throws does not fail a call. Otherwise the caller would think that a sent message was not sent. */
  #tell(method: keyof Logger, message: string, details: object | undefined): void {
    try {
      this.#logger[method](message, details)
    } catch {
      if (this.#hasFailed) return
      this.#hasFailed = true
      process.emitWarning(
        'The logger of a Signaling client (logger) threw an error. What the client has to say may be missing.',
      )
    }
  }
}
