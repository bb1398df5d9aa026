import { aFunction, checkOptions, refuseUncalled, toHttpError } from '@agora-signaling/core/adapter'
import type { OptionRules } from '@agora-signaling/core/adapter'
import type { Context, ErrorHandler } from 'hono'
import { writeAnswer } from './write-answer.js'

/** Options of {@link agoraErrorHandler}. */
export interface AgoraErrorHandlerOptions {
  /** Told of every error of an Agora call that is answered with 500 or more. Default: `console.error`. */
  readonly onError?: ((error: unknown, c: Context) => void) | undefined
}

const rules: OptionRules<AgoraErrorHandlerOptions> = { onError: aFunction() }

/**
 * Answers errors of Agora calls with JSON: `{ code, message }`. Every other error is answered as Hono does without an
 * error handler. To answer those yourself, see the recipe in the README.
 *
 * When Agora refuses the server's credentials, the caller gets 502 and never 401. When a quota is used up, the caller gets 503
 * with `Retry-After`.
 *
 * @example
 * app.onError(agoraErrorHandler())
 *
 * @throws {AgoraConfigError} `ERR_CONFIG_INVALID` when an option is misspelt or of a wrong type.
 */
export function agoraErrorHandler(options: AgoraErrorHandlerOptions = {}): ErrorHandler {
  refuseUncalled('app.onError(agoraErrorHandler())', options)
  checkOptions('agoraErrorHandler()', options, rules)
  // oxlint-disable-next-line no-console -- the caller does not get the reason, so the developer has to
  const { onError = (error) => console.error(error) } = options
  return (error, c) => {
    const answer = toHttpError(error)
    if (answer === undefined) return answerAsHonoDoes(error, c)
    if (answer.isFault) onError(error, c)
    return writeAnswer(c, answer)
  }
}

/** Hono does not tell what its own handler is, and a handler that throws is called again for each middleware. */
const answerAsHonoDoes: ErrorHandler = (error, c) => {
  if ('getResponse' in error) {
    const response = error.getResponse()
    return c.newResponse(response.body, response)
  }
  // oxlint-disable-next-line no-console -- as Hono does
  console.error(error)
  return c.text('Internal Server Error', 500)
}
