import { aFunction, checkOptions, refuseUncalled, toHttpError } from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import type { ErrorRequestHandler, Request } from 'express'
import { writeAnswer } from './write-answer.js'

/** Options of {@link agoraErrorHandler}. */
export interface AgoraErrorHandlerOptions {
  /** Told of every error that is answered with 500 or more. Default: `console.error`. */
  readonly onError?: ((error: unknown, req: Request) => void) | undefined
}

const rules: OptionRules<AgoraErrorHandlerOptions> = { onError: aFunction() }

/**
 * Answers errors of Agora calls with JSON: `{ code, message }`; other errors pass through. Mount it
 * after the routes, and before an error handler of your own that answers everything.
 *
 * When Agora refuses the server's credentials, the caller gets 502 and never 401. When a quota is used up, the caller gets 503
 * with `Retry-After`.
 *
 * @example
 * app.use(agoraErrorHandler())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when an option is misspelt or of a wrong type.
 */
export function agoraErrorHandler(options: AgoraErrorHandlerOptions = {}): ErrorRequestHandler {
  refuseUncalled('app.use(agoraErrorHandler())', options)
  checkOptions('agoraErrorHandler()', options, rules)
  // oxlint-disable-next-line no-console -- the caller does not get the reason, so the developer has to
  const { onError = (error) => console.error(error) } = options
  return (error: unknown, req, res, next) => {
    const answer = toHttpError(error)
    // An answer that has begun cannot be replaced; Express then cuts the connection.
    if (answer === undefined || res.headersSent) {
      next(error)
      return
    }
    if (answer.isFault) onError(error, req)
    writeAnswer(res, answer)
  }
}
