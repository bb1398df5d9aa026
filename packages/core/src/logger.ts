import { AgoraConfigError } from './errors.js'

/** Anything with the four methods of `console`. It is called as it is, so that stack traces and `this` stay intact. */
export interface Logger {
  debug(message: string, details?: object): void
  info(message: string, details?: object): void
  warn(message: string, details?: object): void
  error(message: string, details?: object): void
}

/** From nothing to everything. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

export const levels: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/** A logger and how much it is told. Messages never hold a secret, a token or a payload. */
export class Log {
  readonly #logger: Logger
  #hasFailed = false
  readonly #rank: number
  /** Whether {@link debug} is heard: what nobody hears need not be put into words. */
  readonly debugs: boolean

  /** @throws {AgoraConfigError} `ERR_CONFIG_INVALID` for a level that is none. */
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

  /** Who is told: what is said once is said once to each. */
  get audience(): object {
    return this.#logger
  }

  /** Something is wrong that only people can mend. */
  error(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('error')) this.#tell('error', message, details)
  }

  /** Something is wrong, and the client helps itself. */
  warn(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('warn')) this.#tell('warn', message, details)
  }

  /** Something is worth knowing: that all is well again. */
  info(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('info')) this.#tell('info', message, details)
  }

  /** One attempt of a call. */
  debug(message: string, details?: object): void {
    if (this.debugs) this.#tell('debug', message, details)
  }

  /** A logger that throws does not end a call: the caller would take a message that was sent for one that was not. */
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
