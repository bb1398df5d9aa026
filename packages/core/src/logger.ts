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

const levels: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/** A logger and how much it is told. Messages never hold a secret, a token or a payload. */
export class Log {
  readonly #logger: Logger
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

  /** Something is wrong that only people can mend. */
  error(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('error')) unharmed(() => this.#logger.error(message, details))
  }

  /** Something is wrong, and the client helps itself. */
  warn(message: string, details?: object): void {
    if (this.#rank >= levels.indexOf('warn')) unharmed(() => this.#logger.warn(message, details))
  }

  debug(message: string, details?: object): void {
    if (this.debugs) unharmed(() => this.#logger.debug(message, details))
  }
}

/** A logger that throws ends no call: what the call has sent would be lost to its account. */
function unharmed(tell: () => void): void {
  try {
    tell()
  } catch {
    // There is nobody else to tell.
  }
}
