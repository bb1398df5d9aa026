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
  readonly #warns: boolean
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
    this.#warns = rank >= levels.indexOf('warn')
    this.debugs = rank >= levels.indexOf('debug')
  }

  warn(message: string, details?: object): void {
    if (this.#warns) this.#logger.warn(message, details)
  }

  debug(message: string, details?: object): void {
    if (this.debugs) this.#logger.debug(message, details)
  }
}
